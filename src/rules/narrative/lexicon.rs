//! The words that number sentences are made of: one table, word → what it does in a sentence.
//!
//! Of words that begin at one place the longest counts, so a word of another meaning that contains a shorter one
//! (规章制度 and 规章) needs only an entry of its own.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::{Applicant, Channel, DecisionKind, DocumentAct, DocumentKind, Outcome, Remedy, ResultRow, Suit};

/// What a word does in a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    /// Ends a sentence; a line break ends a paragraph.
    Stop,
    Line,
    /// Ends a clause.
    Semi,
    Comma,
    Open,
    Close,
    /// Joins things of one kind.
    And,
    /// Begins a title, which is skipped up to its end.
    Title,

    // What is counted.
    Request,
    /// 依申请公开信息: requests only with a verb, else a property of published items.
    RequestInfo,
    /// 政府信息公开, which makes a review one about information.
    Info,
    /// 申请 alone.
    Ask,
    Review,
    Lawsuit,
    /// Lawsuits of one of the two kinds.
    Suit(Suit),
    Document(DocumentKind),
    /// 此类文件.
    Same,
    /// Whether it says 决定.
    Decision(DecisionKind, bool),
    Fees,
    Procurement,
    Amount,
    /// What has nothing to do with the tables.
    Foreign,
    Proactive,

    // What is done.
    Receive,
    Accept,
    Answer,
    Handle,
    Judge,
    Carry,
    /// 转, which carries only where a next year follows.
    Turn,
    Act(DocumentAct),
    OtherAct,
    Do,

    // Which of them.
    Outcome(Outcome),
    Applicant(Applicant),
    Channel(Channel),
    Result(Remedy),
    Lost,
    Anyone,
    /// A kind that no row has.
    Unknown,

    // How many, and when.
    Not,
    Occur,
    Among,
    Including,
    Rest,
    Each,
    Every,
    Compare,
    LastYear,
    NextYear,
    ThisYear,
    Cumulative,
    Ever,
    Part,
    Plan,
    Sum,
    Etc,
    About,
    Over,
    Under,
    Concerning,
    Filler,

    /// A number, by its place in the list of counts.
    Count(u32),
    Year(u16),
}

/// A single row of results by the number of its key.
const fn row(number: u8) -> Word {
    Word::Outcome(Outcome::Row(ResultRow(number)))
}

/// All words.
#[rustfmt::skip]
const WORDS: &[(Word, &[&str])] = &[
    (Word::Stop, &["。", "！", "!", "？", "?"]),
    (Word::Line, &["\n"]),
    (Word::Semi, &["；", ";"]),
    (Word::Comma, &["，", ",", "：", ":"]),
    (Word::Open, &["（", "(", "【", "["]),
    (Word::Close, &["）", ")", "】", "]"]),
    (Word::And, &["、", "和", "及", "与", "以及", "或", "或者", "并", "及其他"]),
    (Word::Title, &["《"]),

    (Word::Request, &[
        "政府信息公开申请", "信息公开申请", "政府信息公开的申请", "信息公开的申请", "政府信息公开申请件", "政府信息公开申请事项",
        "政府信息公开申请书", "政府信息公开申请表", "信息公开申请表", "信息公开申请件", "信息公开申请书", "信息公开申请事项",
        "依申请公开", "依申请公开申请", "依申请公开事项", "依申请公开件", "依申请公开申请件", "依申请公开业务",
        "依申请公开政府信息申请", "依申请公开政府信息的申请", "依申请公开信息申请", "依申请公开政府信息申请件", "依申请公开信息的申请",
        "依申请公开政府信息事项", "依申请公开信息事项", "依申请公开办件",
        "政府信息依申请公开", "政府信息依申请公开申请", "政府信息依申请公开件", "政府信息依申请公开事项", "信息依申请公开",
        "申请公开政府信息", "申请公开信息", "申请政府信息公开", "申请信息公开", "申请获取政府信息", "公开政府信息的申请", "公开政府信息申请",
        "政府信息申请", "政府信息公开依申请", "政府信息公开依申请件", "依申请件", "依申请公开工作件", "公开申请", "依申请政府信息公开",
        "政务公开申请", "依申请公开的申请", "依申请公开案件", "依申请公开类申请",
    ]),
    (Word::RequestInfo, &["依申请公开信息", "依申请公开政府信息", "依申请公开政务信息", "依申请公开的信息", "依申请公开的政府信息",
        "依申请公开类信息", "依申请信息"]),
    (Word::Info, &["政府信息公开", "信息公开", "政府信息公开类", "信息公开类", "政府信息公开工作", "信息公开工作"]),
    (Word::Ask, &["申请", "申请件", "申请事项", "申请书"]),
    (Word::Review, &["行政复议", "行政复议案件", "复议案件", "复议", "行政复议案", "被申请行政复议", "申请行政复议"]),
    (Word::Lawsuit, &["行政诉讼", "行政诉讼案件", "诉讼案件", "诉讼", "行政诉讼案", "被提起行政诉讼", "提起行政诉讼", "提起诉讼",
        "行政应诉", "行政应诉案件"]),
    (Word::Suit(Suit::Direct), &["直接起诉", "未经复议直接起诉", "直接提起诉讼", "未经复议直接提起诉讼", "未经复议直接提起行政诉讼"]),
    (Word::Suit(Suit::AfterReview), &["复议后起诉", "经复议后起诉", "复议后提起诉讼", "经复议后提起诉讼", "复议后提起行政诉讼"]),
    (Word::Document(DocumentKind::Normative), &["规范性文件", "行政规范性文件", "部门规范性文件"]),
    (Word::Document(DocumentKind::Regulation), &["规章", "政府规章", "部门规章", "地方政府规章"]),
    (Word::Same, &["此类文件", "该类文件", "上述申请", "该类申请"]),
    (Word::Decision(DecisionKind::Licensing, true), &["行政许可决定"]),
    (Word::Decision(DecisionKind::Penalty, true), &["行政处罚决定"]),
    (Word::Decision(DecisionKind::Coercion, true), &["行政强制决定"]),
    (Word::Decision(DecisionKind::Licensing, false), &["行政许可"]),
    (Word::Decision(DecisionKind::Penalty, false), &["行政处罚", "行政处罚案件"]),
    (Word::Decision(DecisionKind::Coercion, false), &["行政强制", "行政强制措施"]),
    (Word::Fees, &["行政事业性收费", "行政事业性收费金额"]),
    (Word::Procurement, &["政府集中采购", "政府集中采购项目"]),
    (Word::Amount, &["采购总金额", "采购金额", "总金额", "金额"]),
    (Word::Proactive, &["主动公开", "主动公开政府信息", "主动公开信息"]),
    (Word::Foreign, &[
        "信箱", "邮箱", "12345热线", "12345政务", "12345平台", "12345市民", "12345", "热线", "留言", "来信", "来电", "来访", "信件",
        "咨询", "信访", "信访件", "信访事项", "建议", "提案", "议案", "投诉", "举报", "诉求", "工单", "意见", "办件", "督办件", "网民", "网友",
        "问政", "问卷", "行政复议申请", "复议申请", "国家赔偿", "低保", "监察", "公共企事业单位", "党务公开", "党内规范性文件",
        "行政复议应诉", "复议诉讼典型", "规章制度", "规章立改废", "双公示", "信用信息", "建议提案", "责任追究", "来函", "公函", "复函",
        "征求意见", "举报人", "回应", "互动", "舆情", "办理单", "交办单", "民生事项", "政务服务事项", "行政审批",
    ]),

    (Word::Receive, &["收到", "接收", "新收", "收到的", "新收到", "收悉", "新增", "共收", "共收到", "接到", "收件", "接收到", "新接收", "本年新收"]),
    (Word::Accept, &["受理", "登记受理", "受理的", "新受理"]),
    (Word::Answer, &["答复", "回复", "办结", "办理完毕", "办理完成", "已办理", "已处理", "处理完毕", "答复办结", "办结答复", "办理答复", "依法答复",
        "予以答复", "作出答复", "做出答复", "办复", "按时答复", "按期答复", "按时办结", "按期办结", "及时答复", "全部答复", "全部办结",
        "依法办结", "按时回复", "依法依规答复", "均已答复", "已答复", "已办结", "全部按时答复", "全部按期答复"]),
    (Word::Handle, &["办理", "处理", "依法办理"]),
    (Word::Judge, &["审理", "审结", "立案", "办理行政复议", "行政复议机关", "复议机构", "复议机关", "复议委员会", "承办", "应诉",
        "参加复议", "代理", "出庭应诉"]),
    (Word::Carry, &["结转", "转结", "结转的", "转接", "结转办理"]),
    (Word::Turn, &["转", "转至", "转入", "转到", "顺延", "延至", "留待"]),
    (Word::Act(DocumentAct::Issued), &["制发", "制定", "出台", "印发", "新制作", "制作", "新制定", "制定出台", "制定印发", "制定发布",
        "制发公开", "出台了", "制定了", "制发了", "印发了"]),
    (Word::Act(DocumentAct::Published), &["公开", "发布", "公布", "公示", "新公开", "公开发布", "发布了", "公开了"]),
    (Word::Act(DocumentAct::Repealed), &["废止", "废止了"]),
    (Word::Act(DocumentAct::InForce), &["现行有效", "现行有效的", "对外公开总数", "对外公开总数量", "现有有效"]),
    (Word::OtherAct, &["审核", "审查", "清理", "备案", "评估", "起草", "修订", "修改", "解读", "转发", "报备", "报送", "梳理", "失效",
        "宣布失效", "废止和失效", "废止失效", "废止或失效", "废止、失效", "继续有效", "拟废止", "保留", "废止和修改", "废止和宣布失效",
        "废止或宣布失效", "废止、修改", "整理", "录入", "归集", "更新", "移除", "下架", "汇编", "标注", "推送", "未公开", "后评估"]),
    (Word::Do, &["作出", "做出", "实施", "核发", "下达"]),

    (Word::Outcome(Outcome::Granted), &["予以公开", "同意公开"]),
    (Word::Outcome(Outcome::Partial), &["部分公开", "予以部分公开", "同意部分公开", "同意部分予以公开"]),
    (Word::Outcome(Outcome::Refused), &["不予公开", "不同意公开"]),
    (Word::Outcome(Outcome::Unavailable), &["无法提供", "本机关无法提供"]),
    (Word::Outcome(Outcome::NotProcessed), &["不予处理"]),
    (Word::Outcome(Outcome::Other), &["其他处理", "作其他处理", "其它处理"]),
    (row(0), &["属于国家秘密", "涉及国家秘密"]),
    (row(1), &["其他法律行政法规禁止公开", "法律行政法规禁止公开", "法律、行政法规禁止公开", "其他法律、行政法规禁止公开"]),
    (row(2), &["危及“三安全一稳定”", "三安全一稳定", "危及三安全一稳定"]),
    (row(3), &["保护第三方合法权益", "第三方合法权益"]),
    (row(4), &["属于三类内部事务信息", "三类内部事务信息", "属于内部事务信息"]),
    (row(5), &["属于四类过程性信息", "四类过程性信息", "属于过程性信息"]),
    (row(6), &["属于行政执法案卷", "行政执法案卷", "行政执法案卷信息", "属于行政执法案卷信息"]),
    (row(7), &["属于行政查询事项", "行政查询事项"]),
    (row(8), &["本机关不掌握相关政府信息", "不掌握相关政府信息", "本机关不掌握", "不掌握相关信息"]),
    (row(9), &["没有现成信息需要另行制作", "没有现成信息", "需要另行制作", "没有现成信息、需要另行制作", "没有现成信息，需要另行制作"]),
    (row(10), &["补正后申请内容仍不明确", "补正后仍不明确"]),
    (row(11), &["信访举报投诉类申请", "信访举报投诉类", "信访、举报、投诉类申请", "信访、举报、投诉类"]),
    (row(12), &["重复申请"]),
    (row(13), &["要求提供公开出版物", "公开出版物"]),
    (row(14), &["无正当理由大量反复申请", "大量反复申请"]),
    (row(15), &["要求行政机关确认或重新出具已获取信息", "确认或重新出具已获取信息"]),
    (row(17), &["申请人无正当理由逾期不补正", "无正当理由逾期不补正", "逾期不补正", "逾期未补正",
        "申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请"]),
    (Word::Applicant(Applicant::Natural), &["自然人", "公民", "个人", "公民个人", "自然人申请人"]),
    (Word::Applicant(Applicant::Organisation), &["法人", "法人或其他组织", "法人或者其他组织", "法人和其他组织", "法人及其他组织",
        "法人或其它组织", "法人、其他组织", "法人组织"]),
    (Word::Anyone, &["公民、法人和其他组织", "公民、法人或其他组织", "公民、法人或者其他组织", "公民、法人及其他组织", "公民法人和其他组织",
        "公民、法人或其它组织", "公民、法人和其它组织", "自然人、法人和其他组织", "自然人、法人或其他组织", "自然人、法人或者其他组织",
        "公民、法人、其他组织", "公民、法人", "公民和法人", "公民、法人或有关组织", "群众", "公众", "社会公众", "人民群众", "公民和组织",
        "公民、法人或组织", "公民法人或其他组织", "公民、企业"]),
    (Word::Channel(Channel::Network), &["网络", "网上", "网站", "互联网", "在线", "电子邮件", "电子邮箱", "线上",
        "平台", "网络渠道", "政府网站", "网络平台", "网站平台", "门户网站", "网络方式"]),
    (Word::Channel(Channel::Letter), &["信函", "邮寄", "邮政寄送", "书信", "信函方式", "邮件", "挂号信", "来函申请", "邮政"]),
    (Word::Channel(Channel::InPerson), &["当面", "现场", "当面递交", "当面提交", "窗口"]),
    (Word::Channel(Channel::Fax), &["传真", "电话", "口头"]),
    (Word::Result(Remedy::Upheld), &["结果维持", "维持", "维持原行政行为", "予以维持"]),
    (Word::Result(Remedy::Corrected), &["结果纠正", "纠正", "已纠正结果", "被纠正", "纠正结果", "已纠正", "予以纠正"]),
    (Word::Result(Remedy::Other), &["其他结果", "其它结果"]),
    (Word::Result(Remedy::Pending), &["尚未审结", "未审结", "正在审理", "正在审理中", "审理中", "未结案"]),
    (Word::Lost, &["败诉", "被纠错", "败诉案件", "被纠错案件", "纠错"]),
    (Word::Unknown, &["申请人", "不予受理", "不受理", "撤回", "撤销", "撤回申请", "未答复", "超期答复", "逾期答复", "延期答复", "口头答复",
        "电话答复", "当场答复", "当面答复", "书面答复", "邮件答复", "网上答复", "不予答复", "答复率", "办结率", "回复率", "公开率", "受理率",
        "征求第三方", "补正", "驳回", "终止", "不存在", "信息不存在", "答复书", "告知书", "转办", "移送", "转交", "商业企业",
        "科研机构", "社会公益组织", "法律服务机构", "企业", "其他组织", "解读率", "办理率", "其中一", "非本机关", "便民答复", "逾期未按收费通知",
        "逾期未缴纳", "超期", "逾期", "延期", "延期办理", "一审", "二审", "再审", "申诉",
        "不服", "胜诉", "调解", "和解", "受理通知", "通知书", "意见书", "检察", "仲裁", "公益诉讼", "民事诉讼", "诉讼费", "法律顾问", "市直部门", "县直部门", "区直部门", "市本级",
        "县本级", "区本级", "市级", "县级", "各县区", "各区县", "各乡镇", "各镇街", "乡镇", "镇街", "省本级", "市直单位", "县直单位",
        "处室", "新发生", "新发", "新引发"]),

    (Word::Not, &["未", "没有", "无", "均未", "均无", "未曾", "暂未", "尚未", "暂无", "尚无", "没", "从未", "并未", "也无", "也未", "零"]),
    (Word::Occur, &["发生", "出现", "存在", "产生", "有", "因", "被", "引发", "引起", "提出", "提起", "任何",
        "提交", "导致", "单位或个人", "单位和个人"]),
    (Word::Among, &["其中", "其中包括", "分别为", "分别是", "包括", "分别", "当中"]),
    (Word::Including, &["含", "包含", "另有", "另", "加上"]),
    (Word::Rest, &["其余", "其他", "其它", "余下", "剩余"]),
    (Word::Each, &["各"]),
    (Word::Every, &["每", "每收到", "平均", "人均", "首", "首次", "再次", "最多", "最高", "达标", "连续"]),
    (Word::Compare, &["比", "较", "同比", "相比", "增加", "减少", "增长", "下降", "上升", "上涨", "同期", "增幅", "降幅", "多了", "少了", "环比", "超出"]),
    (Word::LastYear, &["上年", "上年度", "上一年", "上一年度", "去年", "前年", "往年", "上年同期", "去年同期", "加上年", "加上年度",
        "加上一年", "加上一年度"]),
    (Word::NextYear, &["下年", "下年度", "下一年", "下一年度", "次年", "明年", "次年度", "来年"]),
    (Word::ThisYear, &["全年", "本年", "本年度", "今年", "年内", "当年", "一年来", "今年以来", "本年以来", "年度内", "报告期", "报告期内", "年度", "本报告期", "期内",
        "本年内"]),
    (Word::Cumulative, &["累计"]),
    (Word::Ever, &["历年", "历年累计", "近年来", "以来", "近三年", "近五年", "三年来", "五年来", "年均", "年以来", "十年来"]),
    (Word::Part, &["上半年", "下半年", "季度", "月份", "截至目前", "月底前", "本月", "当月", "单月", "一季度"]),
    (Word::Plan, &["将", "计划", "力争", "拟", "预计", "争取", "不少于", "目标", "例如", "比如", "抽查", "抽取", "随机"]),
    (Word::Filler, &["现将", "进一步", "第三方", "为", "是", "了", "的", "已", "均", "达", "达到", "到", "案件", "事项", "数量", "总数", "总量",
        "件数", "情况", "仅", "也", "书面", "合法", "有效", "各类", "相关", "有关", "上述", "以上", "年末", "年底", "截至年底", "截至", "截止", "新",
        "继续办理", "办理中", "提交的", "提出的", "提起的", "引起的", "引发的", "政府信息", "依法", "全部", "给予", "答复中", "其", "属于", "决定",
        "继续", "中", "予以", "至", "向", "我局", "本局", "我办", "我镇", "我县", "我市", "我区", "本机关", "本单位", "本级", "处罚决定", "实际",
        "条例规定", "法定期限内", "期限内", "按时", "按期", "及时", "于", "在", "则", "都", "数"]),
    (Word::Sum, &["共", "共计", "合计", "总计", "总共", "一共", "总", "计", "共有"]),
    (Word::Etc, &["等", "等方式", "等渠道", "等形式", "等途径", "多种", "各种"]),
    (Word::About, &["约", "近", "大约", "将近"]),
    (Word::Over, &["超", "超过", "逾", "突破", "至少", "不低于"]),
    (Word::Under, &["不足", "不到", "不超过", "少于", "低于"]),
    (Word::Concerning, &["涉及", "涉及到", "有关于", "关于", "针对", "事关"]),
];

impl Word {
    /// Whether it says when something was.
    pub(super) const fn is_time(self) -> bool {
        matches!(self, Self::ThisYear | Self::LastYear | Self::Year(_) | Self::Ever | Self::Cumulative)
    }
}

/// The words as a tree of characters, each by its code in the basic plane, which has all characters of the lexicon.
pub(super) struct Lexicon {
    nodes: Vec<Node>,
    /// The characters that lead on from a node, those of one node together, and the nodes that they lead to.
    edges: Vec<(u16, u16)>,
    /// A bit for every code that a word or a number begins with: so few bytes that they stay in the nearest cache.
    begins: Box<[u64; 1 << 10]>,
    /// The node of each of these, by its code.
    places: Box<[u16; 1 << 16]>,
}

/// Where the characters of some words have led.
struct Node {
    /// The word that ends here.
    word: Option<Word>,
    /// Whether the character that led here is a digit or a numeral.
    is_number: bool,
    /// Where its edges begin and end.
    from: u16,
    to: u16,
    /// A bit for each of its edges, by the last byte of the character; all bits where some edge is no character of three
    /// bytes. Most characters that follow have none of them.
    mask: u64,
}

/// What begins at a place of a text.
pub(super) struct Beginning {
    /// The longest word there, if there is one.
    pub word: Option<Word>,
    /// The length of that word, or of the first character.
    pub length: usize,
    /// Whether a digit or a numeral stands there.
    pub is_number: bool,
}

/// The lexicon, built once.
pub(super) static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let mut tree = Tree::default();
    for (meaning, words) in WORDS {
        for word in *words {
            tree.add(word, Some(*meaning));
        }
    }
    for numeral in NUMERALS {
        tree.add(numeral, None);
    }
    let mut lexicon = Lexicon {
        nodes: Vec::new(),
        edges: Vec::new(),
        begins: Box::new([0; 1 << 10]),
        places: Box::new([0; 1 << 16]),
    };
    for (word, children) in &tree.0 {
        let from = lexicon.edges.len() as u16;
        lexicon.edges.extend(children.iter().map(|(code, node)| (*code, *node)));
        let bit = |code: &u16| if *code < 0x800 { u64::MAX } else { 1 << (code & 63) };
        let mask = children.keys().fold(0, |mask, code| mask | bit(code));
        let to = lexicon.edges.len() as u16;
        lexicon.nodes.push(Node { word: *word, is_number: false, from, to, mask });
    }
    for (code, node) in tree.0.first().iter().flat_map(|(_, children)| children) {
        lexicon.begins[usize::from(*code >> 6)] |= 1 << (code & 63);
        lexicon.places[usize::from(*code)] = *node;
    }
    for numeral in NUMERALS {
        let place = lexicon.places[usize::from(code(numeral.as_bytes()).0)];
        if let Some(node) = lexicon.nodes.get_mut(usize::from(place)) {
            node.is_number = true;
        }
    }
    lexicon
});

/// What numbers begin with.
const NUMERALS: [&str; 27] = [
    "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "〇", "零", "一", "二", "两", "三", "四", "五", "六",
    "七", "八", "九", "十", "百", "千", "万", "亿",
];

/// The tree while it grows: of each node the word that ends there and the nodes behind it. The first is the root.
struct Tree(Vec<(Option<Word>, BTreeMap<u16, u16>)>);

impl Default for Tree {
    fn default() -> Self {
        Self(vec![(None, BTreeMap::new())])
    }
}

impl Tree {
    fn add(&mut self, word: &str, meaning: Option<Word>) {
        let mut at = 0_usize;
        let mut rest = word.as_bytes();
        while !rest.is_empty() {
            let (code, length) = code(rest);
            rest = rest.get(length..).unwrap_or_default();
            let new = self.0.len() as u16;
            let Some((_, children)) = self.0.get_mut(at) else { return };
            at = usize::from(*children.entry(code).or_insert(new));
            if at == usize::from(new) {
                self.0.push((None, BTreeMap::new()));
            }
        }
        if let Some((word, _)) = self.0.get_mut(at) {
            *word = meaning.or(*word);
        }
    }
}

/// The character that some text begins with, and its length; 0 for one beyond the basic plane.
#[inline]
pub(super) fn code(text: &[u8]) -> (u16, usize) {
    let low = |byte: u8| u16::from(byte & 0x3f);
    match *text {
        [a @ 0xe0..=0xef, b, c, ..] => (ideograph(a, b, c), 3),
        [a @ 0..0xc0, ..] => (u16::from(a), 1),
        [a @ 0xc0..0xe0, b, ..] => (u16::from(a & 0x1f) << 6 | low(b), 2),
        [0xf0..=0xff, ..] => (0, text.len().min(4)),
        _ => (0, text.len()),
    }
}

/// The code of a character of three bytes.
#[inline]
const fn ideograph(a: u8, b: u8, c: u8) -> u16 {
    ((a as u32) << 12 | ((b & 0x3f) as u32) << 6 | (c & 0x3f) as u32) as u16
}

/// The bit of a character of three bytes in the mask of a node; any bit for others.
#[inline]
fn bit_at(text: &[u8], at: usize) -> u64 {
    1 << (text.get(at + 2).copied().unwrap_or(0) & 63)
}

impl Lexicon {
    /// What is left of a text from the first character on with which a word or a number begins; nothing if there is none.
    #[inline]
    pub(super) fn next_beginning<'t>(&self, mut text: &'t [u8]) -> &'t [u8] {
        loop {
            // Most characters are ideographs, and most of these begin nothing.
            while let [a @ 0xe4..=0xe9, b, c, behind @ ..] = text {
                if self.is_beginning(ideograph(*a, *b, *c)) {
                    return text;
                }
                text = behind;
            }
            let (first, length) = code(text);
            if text.is_empty() || self.is_beginning(first) {
                return text;
            }
            text = text.get(length..).unwrap_or_default();
        }
    }

    #[inline]
    fn is_beginning(&self, code: u16) -> bool {
        self.begins[usize::from(code >> 6)] >> (code & 63) & 1 == 1
    }

    /// What a text begins with; nothing where no word and no number begins with its first character.
    #[inline]
    pub(super) fn begins(&self, text: &[u8]) -> Option<Beginning> {
        let (first, length) = code(text);
        // The root, which has no word, stands for none.
        let node = self
            .nodes
            .get(usize::from(self.places[usize::from(first)]))
            .filter(|_| self.is_beginning(first))?;
        let Node { word, is_number, .. } = *node;
        // At most places the next character goes on with no word.
        let (word, length) = if node.mask & bit_at(text, length) == 0 {
            (word, length)
        } else {
            self.longest(node, length, text)
        };
        Some(Beginning { word, length, is_number })
    }

    /// The longest word from a node on, to which so much of the text has led.
    fn longest<'a>(&'a self, mut node: &'a Node, mut length: usize, text: &[u8]) -> (Option<Word>, usize) {
        let mut found = (node.word, length);
        while node.mask & bit_at(text, length) != 0 {
            let (code, more) = code(text.get(length..).unwrap_or_default());
            let edges = self.edges.get(usize::from(node.from)..usize::from(node.to)).unwrap_or_default();
            let Some((_, next)) = edges.iter().find(|(edge, _)| *edge == code) else { break };
            let Some(next) = self.nodes.get(usize::from(*next)) else { break };
            node = next;
            length += more;
            if node.word.is_some() {
                found = (node.word, length);
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_is_its_code() {
        for c in ('\0'..=char::MAX).filter(|c| !matches!(*c as u32, 0x3_0000..0xf_0000)) {
            let want = (u16::try_from(c as u32).unwrap_or(0), c.len_utf8());
            assert_eq!(code(c.encode_utf8(&mut [0; 4]).as_bytes()), want, "{c:?}");
        }
    }

    #[test]
    fn every_digit_and_numeral_begins_a_number() {
        for c in '\0'..='\u{ffff}' {
            let begins = NUMERALS.iter().any(|numeral| numeral.starts_with(c));
            assert_eq!(begins, c.is_ascii_digit() || super::super::number::numeral(c).is_some(), "{c}");
        }
    }

    #[test]
    fn every_row_of_results_is_in_the_form() {
        let row_of =
            |text: &str| WORDS.iter().find(|(_, words)| words.contains(&text)).map(|(word, _)| *word);
        for (text, key) in
            [("属于国家秘密", "refused_1"), ("重复申请", "not_processed_2"), ("逾期不补正", "other_1")]
        {
            let Some(Word::Outcome(Outcome::Row(row))) = row_of(text) else { panic!("{text}") };
            assert_eq!(row.key(), key);
        }
    }

    #[test]
    fn every_word_is_found_and_none_means_two_things() {
        for (meaning, words) in WORDS {
            for word in *words {
                let found = LEXICON.begins(word.as_bytes()).unwrap();
                assert_eq!((found.word, found.length), (Some(*meaning), word.len()), "{word}");
            }
        }
        let mut all: Vec<&str> = WORDS.iter().flat_map(|(_, words)| words.iter().copied()).collect();
        all.sort_unstable();
        let twice: Vec<_> = all.windows(2).filter(|w| w[0] == w[1]).map(|w| w[0]).collect();
        assert!(twice.is_empty(), "{twice:?}");
    }
}
