// Chinese words of taking decks out.
export const words = {
  takeOut: '导出',
  takeOutAs: '文件种类',
  asAnki: 'Anki 卡包，含学习记录',
  asOlderAnki: 'Anki 卡包，给旧版 Anki',
  asCsv: '表格（CSV）',
  asAnkiText: 'Anki 文本',
  asDeckFile: '卡组文件（Markdown）',
  saveFile: '保存文件',
} as const;
