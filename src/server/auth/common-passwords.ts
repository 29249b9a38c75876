/**
 * What people choose first. A password is compared after its case, its look-alike figures and whatever is not a letter
 * at its ends are taken away, so that each word stands for many: «P@ssw0rd2026!» is «password».
 */
export const commonWords: readonly string[] = [
  'abc', 'abcabc', 'abcd', 'abcdef', 'abcdefg', 'abcdefgh', 'abcdefghij', 'abcdefghijk', 'access', 'account',
  'adgjmptw', 'admin', 'adminadmin', 'administrator', 'aini', 'aiwoma', 'alibaba', 'asdasd', 'asdf', 'asdfasdf',
  'asdfgh', 'asdfghjk', 'asdfghjkl', 'baidu', 'baseball', 'batman', 'beijing', 'changeme', 'charlie', 'china',
  'company', 'computer', 'default', 'demo', 'dragon', 'football', 'freedom', 'gongdan', 'gongsi', 'google',
  'guanliyuan', 'guest', 'hello', 'helloworld', 'huawei', 'hunter', 'iloveyou', 'internet', 'jordan', 'killer',
  'letmein', 'login', 'lovely', 'loveme', 'loveyou', 'manager', 'master', 'michael', 'mima', 'mimamima', 'monkey',
  'mypassword', 'newpassword', 'nihao', 'nihaoma', 'oooooo', 'pass', 'passpass', 'passwd', 'password',
  'passwordpassword', 'princess', 'qazwsx', 'qazwsxedc', 'qwe', 'qweasd', 'qweasdzxc', 'qweqwe', 'qwer', 'qwerasdf',
  'qwerasdfzxcv', 'qwerty', 'qwertyqwerty', 'qwertyui', 'qwertyuiop', 'root', 'rootroot', 'sample', 'secret',
  'server', 'service', 'shadow', 'shanghai', 'shenzhen', 'soccer', 'starwars', 'summer', 'sunshine', 'superman',
  'support', 'taobao', 'tencent', 'test', 'testing', 'testtest', 'trustno', 'user', 'username', 'weixin', 'welcome',
  'whatever', 'winter', 'woaini', 'woainima', 'woaiwojia', 'wodemima', 'wozhidao', 'xiaoming', 'yinwei', 'zaq',
  'zaqwsx', 'zhongguo', 'zxc', 'zxcv', 'zxcvbn', 'zxcvbnm',
]

/** Rows that fingers follow; any stretch of them, forwards or backwards, is no secret. */
export const keyRows: readonly string[] = [
  '01234567890123456789', 'abcdefghijklmnopqrstuvwxyz', 'qwertyuiopasdfghjklzxcvbnm', 'qwertyuiop[]', 'asdfghjkl;\'',
  'zxcvbnm,./', '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik', 'qazwsxedcrfvtgbyhnujmikolp', '!@#$%^&*()_+',
]
