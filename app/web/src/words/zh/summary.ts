// Chinese words of the end of a sitting.
export const words = {
  streakDays: '连续学习 {n} 天',
  streakForgiven: '歇过一天，不算断',
  nothingDue: '现在没有要学的卡片',
  wellDone: '这次学完了',
  answersDone: '答题',
  timesCount: '{n} 次',
  timeSpent: '用时',
  recall: '记得',
  recallOf: '{share}（{right}/{all}）',
  nextDue: '下次到期',
  nextDueLoad: '{day} · {n} 张',
  tenMore: '再学 10 张',
  nothingMore: '没有更多新卡了',
  goOn: '继续学习',
} as const;
