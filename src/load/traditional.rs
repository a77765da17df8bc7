//! Traditional characters and the simplified ones that stand for the same: for matching only, the print stays.
//!
//! A page of a site may be kept in traditional characters throughout, and its headings and labels are those of the
//! form all the same. The table has what the forms, headings, places and agencies are written with. A traditional
//! character that simplified text uses too for something else (乾, 著, 瞭) is not among them.

/// Each traditional character with its simplified one behind it, by code point.
const PAIRS: &str = "\
    並并亞亚佈布佔占併并來来侖仑係系倉仓個个們们倫伦偉伟側侧偵侦偽伪傑杰傘伞備备傳传債债傷伤傾倾僅仅僑侨僕仆僞伪價价儀仪億亿儉俭儘尽償偿優优儲储兒儿兗兖內内兩两冊册凍冻凱凯別别刪删則则剛刚剝剥創创劃划劉刘\
    劍剑劑剂動动務务勛勋勝胜勞劳勢势勳勋勵励勸劝勻匀匭匦匯汇區区協协卻却厭厌厲厉參参叢丛吳吴呂吕員员問问啓启啟启喪丧喬乔單单嗎吗嘗尝噸吨嚐尝嚴严囑嘱國国圍围園园圓圆圖图團团執执堅坚堯尧報报場场塊块塗涂塢坞\
    墊垫墾垦壇坛壓压壘垒壞坏壟垄壩坝壯壮壺壶壽寿夠够夢梦夾夹奪夺奮奋妝妆婁娄婦妇媽妈嬰婴孫孙學学宮宫實实寧宁審审寫写寬宽寶宝將将專专尋寻對对導导屆届層层屬属岡冈峯峰島岛峽峡崍崃崗岗嵐岚嶗崂嶠峤嶧峄嶺岭嶼屿\
    嶽岳巒峦巖岩帥帅師师帳帐帶带幣币幫帮幹干幾几庫库廂厢廈厦廚厨廟庙廠厂廢废廣广廬庐廳厅弒弑張张強强彈弹彌弥彙汇彥彦後后徑径從从復复徵征徹彻恆恒悶闷惡恶惱恼愛爱慄栗態态慘惨慣惯慮虑慶庆憂忧憑凭憲宪懇恳應应\
    懲惩懶懒懷怀戀恋戧戗戰战戲戏戶户拋抛捨舍捲卷掃扫掙挣掛挂採采揚扬換换揮挥損损搶抢摺折撥拨撫抚撿捡擁拥擇择擊击擔担據据擠挤擬拟擲掷擴扩擺摆擾扰攔拦攜携攝摄敎教敗败敘叙敵敌數数斂敛斬斩斷断於于時时晉晋晝昼\
    暉晖暢畅暫暂曆历曉晓曠旷曬晒書书會会朧胧東东桿杆梘枧條条棄弃棗枣棟栋棲栖楊杨楓枫業业極极榮荣構构槍枪槓杠槳桨樂乐樅枞樓楼標标樞枢樣样樹树樺桦橋桥機机橫横檔档檢检檯台櫃柜櫟栎欄栏權权欒栾欽钦歎叹歐欧歡欢\
    歲岁歷历歸归殘残殺杀毀毁氈毡氣气氫氢決决沒没況况涇泾涼凉淚泪淥渌淨净淵渊淶涞淺浅減减渦涡測测渾浑湊凑湞浈湧涌湯汤準准溝沟溫温溮浉滄沧滅灭滌涤滎荥滬沪滯滞滾滚滿满漁渔漢汉漣涟漲涨漵溆漸渐潁颍潔洁潛潜潤润\
    潯浔潰溃澆浇澇涝澗涧澠渑澤泽澱淀濃浓濕湿濟济濰潍濱滨瀅滢瀉泻瀋沈瀏浏瀘泸瀝沥瀟潇瀠潆瀾澜灑洒灘滩灣湾灤滦災灾為为烏乌無无煉炼煒炜煙烟煥焕煩烦熒荧熱热燁烨燈灯燒烧營营燦灿燭烛爐炉爛烂爭争爲为爺爷爾尔牆墙\
    牽牵犧牺狀状狹狭猶犹獄狱獅狮獎奖獨独獲获獵猎獻献現现琿珲瑣琐瑤瑶瑩莹瑪玛環环璽玺瓊琼瓏珑甌瓯甕瓮產产畝亩畢毕畫画異异當当疇畴疊叠痙痉瘋疯療疗癒愈癥症癱瘫發发皺皱盜盗盡尽監监盤盘盧卢眞真眾众睜睁矚瞩矯矫\
    硯砚碩硕碭砀確确碼码礄硚礎础礙碍礦矿礪砺祕秘祿禄禍祸禎祯禦御禪禅禮礼稅税稈秆稜棱稟禀種种稱称穀谷穌稣積积穎颖穩稳窩窝窪洼窮穷竄窜竊窃競竞筆笔筍笋箋笺節节範范築筑簡简簽签簾帘籃篮籌筹籠笼籤签籬篱粵粤糞粪\
    糧粮糾纠紀纪約约紅红納纳純纯紙纸級级紛纷紡纺細细紹绍終终組组結结絕绝絡络給给絨绒統统絲丝絳绛綁绑綏绥經经綜综綠绿維维綱纲網网綿绵緊紧緒绪線线緝缉緣缘編编緩缓緬缅緯纬縉缙縣县縫缝縮缩縱纵總总績绩織织繞绕\
    繡绣繩绳繪绘繫系繳缴繼继續续缽钵罈坛罰罚罷罢羅罗羈羁羋芈羣群義义習习耬耧聖圣聞闻聯联聰聪聲声聶聂職职聽听肅肃脅胁脫脱脹胀腦脑腫肿膚肤膠胶臉脸臘腊臟脏臥卧臨临臺台與与興兴舉举舊旧艙舱艦舰艱艰芻刍荊荆莊庄\
    莖茎華华萊莱萬万葉叶蒞莅蒼苍蓀荪蓋盖蓮莲蔣蒋蔥葱蔭荫蕩荡蕪芜蕭萧薈荟薊蓟薌芗薦荐薩萨藍蓝藝艺藥药藹蔼藺蔺蘄蕲蘆芦蘇苏蘊蕴蘭兰蘿萝處处虛虚號号虧亏蟲虫蠟蜡蠶蚕衆众術术衛卫衝冲袞衮裏里補补裝装裡里製制複复\
    褲裤褻亵見见規规視视親亲覺觉覽览觀观訂订計计訊讯討讨訓训託托記记訟讼訣诀訥讷訪访設设許许訴诉診诊註注詐诈詔诏評评詞词詠咏詢询試试詩诗詬诟詮诠話话該该詳详誇夸誌志認认誕诞語语誠诚誤误說说誰谁課课誼谊調调\
    談谈請请諒谅論论諜谍諧谐諷讽諸诸諾诺謀谋謂谓謄誊謊谎謙谦講讲謝谢謨谟謹谨證证識识譙谯譚谭譜谱譯译議议譴谴護护譽誉讀读變变讓让豈岂豎竖豐丰豬猪貝贝貞贞負负財财貢贡貧贫貨货販贩貪贪貫贯責责貯贮貴贵貶贬貸贷\
    費费貼贴賀贺賃赁賄贿資资賈贾賑赈賒赊賓宾賚赉賜赐賞赏賠赔賢贤賣卖賤贱賦赋質质賬账賭赌賴赖購购賽赛贅赘贈赠贊赞贏赢贖赎贛赣趕赶趙赵趨趋跡迹踐践蹟迹躍跃車车軌轨軍军軒轩軟软軸轴較较載载輒辄輔辅輕轻輛辆輝辉\
    輟辍輩辈輪轮輯辑輸输輻辐輿舆轄辖轉转轎轿轟轰辦办辭辞辮辫辯辩農农迴回逕迳這这連连週周進进遊游運运過过達达違违遙遥遜逊遞递遠远適适遲迟遷迁選选遺遗遼辽邁迈還还邊边邏逻郟郏郵邮鄆郓鄉乡鄒邹鄔邬鄖郧鄧邓鄭郑\
    鄰邻鄲郸鄴邺酈郦醜丑醞酝醫医醬酱釀酿釁衅釋释針针釣钓鈉钠鈔钞鈞钧鈣钙鉀钾鉅巨鉛铅鉤钩鉻铬銀银銅铜銘铭銜衔銳锐銷销鋁铝鋅锌鋒锋鋪铺鋸锯鋼钢錄录錐锥錢钱錦锦錫锡錯错錶表鍋锅鍍镀鍛锻鍵键鍾钟鎂镁鎖锁鎢钨鎣蓥\
    鎮镇鎳镍鏈链鏟铲鏡镜鏢镖鐘钟鐵铁鑄铸鑑鉴鑒鉴鑲镶鑽钻長长門门閃闪閉闭開开閏闰閒闲間间閔闵閘闸閣阁閩闽閬阆閱阅閶阊閻阎閾阈闆板闊阔闖闯關关闡阐陘陉陝陕陰阴陳陈陸陆陽阳隊队階阶隕陨際际隨随險险隱隐隴陇隸隶\
    雖虽雙双雛雏雜杂雞鸡離离難难雲云電电霧雾霽霁靂雳靈灵靚靓靜静鞏巩韋韦韓韩韻韵響响頁页頂顶項项順顺須须頌颂預预頒颁頓顿頗颇領领頤颐頭头頸颈頹颓頻频顆颗題题額额顏颜願愿顛颠類类顧顾顯显風风颱台颶飓飛飞飯饭\
    飲饮飼饲飾饰餅饼養养餘余館馆饋馈饑饥饒饶馬马馮冯馳驰駁驳駐驻駕驾駛驶駿骏騎骑騙骗騰腾騷骚驅驱驊骅驗验驚惊驛驿驟骤驪骊髏髅髒脏體体髮发鬆松鬥斗鬧闹鬱郁魎魉魚鱼魯鲁鮁鲅鮮鲜鯉鲤鯨鲸鰲鳌鱗鳞鱷鳄鳥鸟鳩鸠鳳凤\
    鳴鸣鴉鸦鴨鸭鴻鸿鵝鹅鵬鹏鵲鹊鶴鹤鷗鸥鷳鹇鷹鹰鷺鹭鹹咸鹼碱鹽盐麗丽麥麦麵面麼么黃黄點点黨党黽黾齊齐齒齿齡龄龍龙龐庞龔龚龜龟";

/// The first of the characters that may have a simplified form.
const FIRST: u32 = 0x4e00;
/// How many there are.
const COUNT: usize = 0x5200;

/// Whether a character has a simplified form, a bit each: nearly every character that is read is asked.
static HAS: [u64; COUNT / 64] = marked();

const fn marked() -> [u64; COUNT / 64] {
    let (bytes, mut marks, mut at) = (PAIRS.as_bytes(), [0_u64; COUNT / 64], 0);
    // Every character of the table takes three bytes.
    while at + 6 <= bytes.len() {
        let code = ((bytes[at] as usize & 15) << 12)
            | ((bytes[at + 1] as usize & 63) << 6)
            | (bytes[at + 2] as usize & 63);
        let index = code - FIRST as usize;
        marks[index / 64] |= 1 << (index % 64);
        at += 6;
    }
    marks
}

/// Whether a character is a traditional one that has another simplified form.
#[inline]
pub(super) fn is_traditional(c: char) -> bool {
    let index = (c as u32).wrapping_sub(FIRST) as usize;
    HAS.get(index / 64).is_some_and(|marks| marks >> (index % 64) & 1 == 1)
}

/// The simplified form of a character, which is most often the character itself.
pub(crate) fn simplified(c: char) -> char {
    if !is_traditional(c) {
        return c;
    }
    let mut chars = PAIRS.chars();
    while let (Some(from), Some(to)) = (chars.next(), chars.next()) {
        if from == c {
            return to;
        }
    }
    c
}

/// A text in simplified characters: every character is where it was, to the byte.
pub(super) fn in_simplified(text: &str) -> std::borrow::Cow<'_, str> {
    if text.chars().any(is_traditional) {
        text.chars().map(simplified).collect::<String>().into()
    } else {
        text.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order_and_leads_to_simplified_characters() {
        let chars: Vec<char> = PAIRS.chars().collect();
        assert!(chars.iter().all(|c| c.len_utf8() == 3));
        assert!(chars.chunks(2).all(|pair| pair.len() == 2));
        assert!(chars.chunks(2).map(|pair| pair[0]).is_sorted_by(|a, b| a < b));
        for pair in chars.chunks(2) {
            assert_eq!(simplified(pair[0]), pair[1]);
            assert!(!is_traditional(pair[1]), "{}", pair[1]);
        }
    }

    #[test]
    fn what_simplified_text_is_written_with_stays() {
        let labels = "政府信息公开工作年度报告乾县显著瞭望余份";
        assert_eq!(in_simplified(labels), labels);
        assert_eq!(in_simplified("政府信息公開工作年度報告"), "政府信息公开工作年度报告");
        assert_eq!(in_simplified("臺山市農業農村局"), "台山市农业农村局");
        for c in ['\0', 'a', '\u{4dff}', '\u{a000}', '\u{10ffff}'] {
            assert_eq!(simplified(c), c);
        }
    }
}
