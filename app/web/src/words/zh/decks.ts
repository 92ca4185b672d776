// Chinese words of decks: adding, options.
export const words = {
  add: '添加',

  // home
  newDeck: '新建卡组',
  deckName: '卡组名称',
  addMainDecks: '一次添加四个主要卡组',
  adding: '正在添加…',
  added: '已添加',
  cardCount: '{n} 张卡片',
  updateDeck: '更新',
  catalogueEmpty: '服务器上没有可添加的卡组。',
  startStudy: '开始学习',
  installHint: '把温故添加到主屏幕：打开更快，记录也不会被浏览器清掉。',

  // deck
  total: '共 {n} 张',
  browseCards: '浏览卡片',
  newPerDay: '每天新卡',
  reviewsPerDay: '每天复习',
  newOrder: '新卡顺序',
  orderPosition: '按原来的顺序',
  orderRandom: '随机',
  reviewOrder: '复习顺序',
  orderDue: '先到期的先复习',
  orderRetrievability: '快忘的先复习',
  mix: '新卡和复习',
  mixMixed: '混在一起',
  mixNewFirst: '先学新卡',
  mixReviewsFirst: '先复习',
  retentionOwn: '单独设置想记住的比例',
  retentionCommon: '现在跟随总设置：{share}',
  renameDeck: '改名',
  deleteDeck: '删除卡组',
  deckDeleted: '已删除卡组“{deck}”',
  deckMissing: '没有这个卡组，可能已经删除。',
} as const;
