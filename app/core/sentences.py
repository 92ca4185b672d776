"""What each error code says to a learner, in Chinese and in English.

`{names}` are filled with `str.format` from the error's params.
"""

from typing import Final

SENTENCES: Final[dict[str, dict[str, str]]] = {
    # the learner's own settings
    "zone-unknown": {"zh": "不认识的时区：{zone}。", "en": "Unknown time zone: {zone}."},
    "rollover-hour": {
        "zh": "一天的开始应在 0 点到 23 点之间。",
        "en": "The day must begin at an hour from 0 to 23.",
    },
    "weights-invalid": {
        "zh": "算法权重应是 21 个有限的数。",
        "en": "The weights of the scheduler must be 21 finite numbers.",
    },
    "retention-range": {
        "zh": "目标记忆率应在 70% 到 99% 之间。",
        "en": "Desired retention must be from 70% to 99%.",
    },
    "steps-invalid": {
        "zh": "学习步骤应是整数分钟，每步 1 分钟到 30 天，最多 10 步；重学步骤只能有一步。",
        "en": "Steps are whole minutes, 1 minute to 30 days each, 10 at most; relearning has exactly one.",
    },
    "maximum-interval": {
        "zh": "最长间隔应在 1 天到 36500 天之间。",
        "en": "The longest interval must be from 1 to 36500 days.",
    },
    "app-too-old": {
        "zh": "手机上的应用太旧了，请先更新。答题都还在手机上，更新后会自动同步。",
        "en": "The app on this phone is too old. Please update; your answers are kept and sync afterwards.",
    },
    # who is asking
    "not-signed-in": {"zh": "请先打开应用或登录。", "en": "Open the app or sign in first."},
    "wrong-name-or-password": {"zh": "用户名或密码不对。", "en": "The name or the password is wrong."},
    "nothing-to-add": {
        "zh": "这台设备上没有可以并入账户的学习内容；请先联网同步一次。",
        "en": "There is nothing on this device that could be added to the account: let it sync first.",
    },
    "password-short": {
        "zh": "密码至少要有 {least} 个字符。",
        "en": "A password needs at least {least} characters.",
    },
    "password-wrong": {"zh": "现在的密码不对。", "en": "That is not the password so far."},
    "no-password": {
        "zh": "这个账户还没有密码：先取一个名字和密码。",
        "en": "This account has no password yet: give it a name and a password first.",
    },
    "name-taken": {"zh": "这个名字已有人使用。", "en": "Somebody already has that name."},
    "name-invalid": {
        "zh": "名字要有 1 到 {most} 个字符，不能有控制字符。",
        "en": "A name has 1 to {most} characters, none of them control characters.",
    },
    "already-claimed": {"zh": "这个账户已经设过密码。", "en": "This account already has a password."},
    "too-many-tries": {
        "zh": "尝试次数太多，请 {retry_after} 秒后再试。",
        "en": "Too many tries. Please wait {retry_after} seconds.",
    },
    "device-missing": {"zh": "找不到这台设备。", "en": "That device is not known."},
    "learner-missing": {"zh": "找不到这个账户。", "en": "There is no such account."},
    "too-many-tokens": {
        "zh": "令牌最多 {most} 个，请先删除不用的。",
        "en": "There can be {most} tokens at most: remove some first.",
    },
    "token-missing": {"zh": "找不到这个令牌。", "en": "There is no such token."},
    "join-code-invalid": {"zh": "配对码不对或已过期。", "en": "The code is wrong or no longer valid."},
    # decks and notes
    "deck-missing": {"zh": "找不到这个卡组。", "en": "There is no such deck."},
    "note-missing": {"zh": "找不到这条笔记。", "en": "There is no such note."},
    "card-missing": {"zh": "找不到这张卡片。", "en": "There is no such card."},
    "card-deleted": {
        "zh": "这张卡片已在别处删除，这次操作没有计入。",
        "en": "That card was deleted elsewhere, so this was not counted.",
    },
    "shipped-deck-missing": {"zh": "没有这个自带卡组。", "en": "No deck of that name comes with the app."},
    "deck-exists": {"zh": "这个卡组已经存在。", "en": "That deck exists already."},
    "note-exists": {"zh": "这条笔记已经存在。", "en": "That note exists already."},
    "note-invalid": {
        "zh": "这条笔记做不成卡片，请检查“{field}”一栏（{reason}）。",
        "en": "This note makes no cards: look at the field {field} ({reason}).",
    },
    "id-taken": {"zh": "这个编号已经属于别的内容。", "en": "That id already belongs to something else."},
    "deck-name-too-long": {
        "zh": "这样改名后，下级卡组的名称会超过 200 个字。",
        "en": "With that name, a deck below would have a name of more than 200 characters.",
    },
    "range-too-long": {"zh": "时间范围太长。", "en": "That is too long a stretch of days."},
    "search-quote-open": {"zh": "引号没有合上：{words}。", "en": "A quotation mark is not closed: {words}."},
    "search-bracket-open": {"zh": "括号没有合上。", "en": "A bracket is not closed."},
    "search-bracket-empty": {"zh": "括号里没有内容。", "en": "There is nothing in the brackets."},
    "search-key-unknown": {
        "zh": "没有“{words}:”这个条件；要找这些字，请加引号。",
        "en": "There is no condition “{words}:”. To find these words, put them in quotation marks.",
    },
    "search-value-missing": {
        "zh": "“{words}:”后面要写内容，中间不留空格。",
        "en": "Write something after “{words}:”, without a space.",
    },
    "search-value-unknown": {"zh": "看不懂“{words}”。", "en": "“{words}” makes no sense here."},
    "search-number-unknown": {
        "zh": "看不懂“{words}”：写成 prop:lapses>3 这样。",
        "en": "“{words}” makes no sense: write it like prop:lapses>3.",
    },
    "search-nothing-beside": {
        "zh": "“{words}”旁边缺少条件。",
        "en": "Something is missing beside “{words}”.",
    },
    "search-too-long": {"zh": "搜索太长了。", "en": "That is too long a search."},
    "cursor-invalid": {"zh": "翻页位置无效，请从头开始。", "en": "The page mark is not valid: start anew."},
    # events and sync
    "event-id-reused": {
        "zh": "同一编号的操作已有不同内容，这一条没有计入。",
        "en": "Another act already has that id, so this one was not counted.",
    },
    "edit-id-reused": {
        "zh": "同一编号的修改已有不同内容，这一条没有保存。",
        "en": "Another edit already has that id, so this one was not kept.",
    },
    # work outside a request
    # imports
    "body-too-large": {
        "zh": "请求内容过大，最多 {limit} 字节。",
        "en": "The request body is too large: {limit} bytes are the most.",
    },
    "reader-unknown": {"zh": "没有这种读法，可用：{known}。", "en": "There is no such reader: use {known}."},
    "import-missing": {"zh": "找不到这次导入。", "en": "There is no such import."},
    "import-busy": {
        "zh": "导入还在进行，请等它完成。",
        "en": "An import is still at work: wait until it is done.",
    },
    "import-finished": {"zh": "这次导入已经结束。", "en": "This import is over already."},
    "import-not-undoable": {
        "zh": "这次导入不能撤销：只有完成后 {days} 天内可以。",
        "en": "This import cannot be taken back: only a finished one can, for {days} days.",
    },
    "too-many-imports": {
        "zh": "还有 {most} 个导入等您决定，请先完成或删除。",
        "en": "{most} imports wait for your decision: finish or delete one first.",
    },
    "document-missing": {"zh": "找不到这篇文章。", "en": "There is no such text."},
    "document-busy": {
        "zh": "文章还没有读完，请稍等。",
        "en": "The text is not ready: wait until it has been read.",
    },
    "too-many-documents": {
        "zh": "文章最多 {most} 篇，请先删除不用的。",
        "en": "There can be {most} texts at most: remove some first.",
    },
    "candidate-missing": {"zh": "找不到这张候选卡片。", "en": "There is no such candidate."},
    "nothing-to-undo": {"zh": "没有可以撤销的操作。", "en": "There is nothing to take back."},
    "media-type-unknown": {
        "zh": "不支持这种媒体文件。",
        "en": "Files of this type are not supported.",
    },
    "media-missing": {"zh": "找不到这个媒体文件。", "en": "There is no such file."},
    "job-missing": {"zh": "找不到这项任务。", "en": "There is no such job."},
    "job-crashed": {
        "zh": "这项任务没有完成，原有内容没有改动。请再试一次。",
        "en": "This could not be finished; nothing was changed. Please try again.",
    },
    # exams
    "exam-missing": {"zh": "找不到这场考试。", "en": "There is no such exam."},
    "exam-exists": {"zh": "这场考试已经存在。", "en": "That exam exists already."},
    "exam-past": {
        "zh": "考试日期已经过去，请选今天或以后的日子。",
        "en": "That day is past: choose today or later.",
    },
    "exam-far": {
        "zh": "考试日期太远，最多可以提前 {most} 天安排。",
        "en": "That is too far ahead: {most} days are the most.",
    },
    "exam-no-minutes": {
        "zh": "一周里至少要有一天留出学习时间。",
        "en": "Leave some minutes to study on at least one day of the week.",
    },
    "exam-no-cards": {
        "zh": "所选卡组里还没有卡片，请先添加卡片或换一个卡组。",
        "en": "The chosen decks hold no cards: add some first, or choose others.",
    },
    "exam-too-many": {
        "zh": "同时准备的考试最多 {most} 场，请先归档一些。",
        "en": "{most} exams at a time are the most: archive some first.",
    },
    "exam-shares": {
        "zh": "各部分的分值比例加起来超过了 100%。",
        "en": "The shares of the sections add up to more than 100%.",
    },
    "exam-marks": {
        "zh": "最多可以单独标记 {cards} 张卡片、{sections} 个部分。",
        "en": "{cards} cards and {sections} sections are the most that can be marked.",
    },
    "exam-plan-missing": {
        "zh": "只能查看今天和之后六天的计划。",
        "en": "Plans are there for today and the six days after it.",
    },
    # the service itself
    "database-unreachable": {"zh": "连接不上数据库。", "en": "The database cannot be reached."},
    "not-migrated": {
        "zh": "数据库还没有更新到这个版本，请先运行 wengu migrate。",
        "en": "The database is not up to date: run wengu migrate first.",
    },
    "busy": {"zh": "服务器正忙，请稍后再试。", "en": "The server is busy. Please try again in a moment."},
    "storage-full": {
        "zh": "服务器存储空间已满，您的答题仍保存在手机上。",
        "en": "The server's disk is full. Your answers stay safe on your phone.",
    },
}
