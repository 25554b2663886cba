"""What pages say in place of an article or a listing: phrases of error pages, of logins, guards and empty columns."""

from __future__ import annotations

import re

from newsspider.items import PageKind

# Phrases of error pages, in lines of pages that have little else, and in their titles.
PHRASES: tuple[tuple[PageKind, re.Pattern[str]], ...] = (
    (
        "captcha",
        re.compile(
            r"请输入验证码|輸入驗證碼|验证码下载|完成(?:安全)?验证|(?:请|拖动)\W*(?:向右)?滑[动块]|滑动验证后|访问(?:过于|太)频繁|"
            r"^\W*are you a robot|verify (?:that )?you are (?:a )?human|(?:complete|pass) the security check|security check to access"
            r"|(?:complete|solve) the (?:re)?captcha|^\W*(?:re)?captcha\W*$",
            re.I,
        ),
    ),
    (
        "challenge",
        re.compile(
            r"checking your browser|^\W*just a moment|enable javascript and cookies|ddos protection|安全检查中|"
            r"请开启\s?javascript|正在进行安全|网站防火墙|云防护|请求(?:已)?被(?:拦截|管理员禁止)|已被拦截|拦截提示|"
            r"web应用防火墙|访问被阻断|对网站造成安全威胁|attention required|requested url was rejected|request rejected|incapsula incident"
            r"|you have been blocked|web application firewall",
            re.I,
        ),
    ),
    (
        "forbidden",
        re.compile(
            r"无权(?:访问|查看|浏览|限)|(?:不允许|禁止|拒绝|限制)访问|(?:文章|信息|内容|新闻)(?:尚未|未通过|正在)审核|沒有權限|"
            r"没有(?:访问)?权限|仅限校内|仅对校内|"
            r"校内(?:用户|IP)?访问|[为是属]校内资源|请使用校园网|不在允许(?:访问)?的?(?:范围|IP)|access (?:is )?denied|403 forbidden"
            r"|you are not authorized|do(?:es)?n[o’']t have permission to access|접근\s?권한이 없|学内(?:からのみ|限定)",
            re.I,
        ),
    ),
    (
        "login",
        re.compile(
            r"请先登录|请登录|(?:请使用)?(?:微信|企业微信|二维码)?扫码登[录陆]|browser does not continue automatically|samlrequest|"
            r"需要登[录陆]|尚未登[录陆]|登[录陆](?:已)?(?:超时|失效|过期)|session (?:has )?(?:expired|timed out)|"
            r"登录后(?:才能|可|方可)?(?:查看|访问|阅读)|请使用统一身份认证"
            r"|sign in to continue|please (?:log|sign) ?in|로그인이 필요",
            re.I,
        ),
    ),
    (
        "missing",
        re.compile(
            r"(?:页面|頁面|网页|網頁|栏目|欄目)(?:不存在|未找到)(?!的)|您(?:所)?(?:访问|请求)的(?:页面|网页|文章|内容|信息|栏目)(?:不存在|已(?:经)?(?:被)?(?:删除|失效|过期))|"
            r"(?:找不到|没有找到|未找到)(?:该|您|您要|此|指定|相关)?(?:的)?(?:页面|网页|文件|内容|文章|资源)|"
            r"(?:该|此|本)?(?:文章|信息|内容|新闻|页面)(?:已(?:经)?(?:被)?(?:删除|下线|移除|撤回)|不存在(?!的)|正在建设)|"
            r"(?:栏目|页面|网站|内容)正?在?建设中|^(?:更多)?(?:精彩|内容|页面|栏目)*\W*敬请期待\W*$|"
            r"(?:网站|系统)(?:正在(?:升级)?维护|(?:升级)?维护中)|無此(?:網頁|文章)|"
            r"page (?:you requested )?(?:was |is |could |cannot |can't )*(?:not (?:be )?found|no longer available)|"
            r"(?:could ?n[o’']t|can ?not|unable to) find (?:that|this|the) page|ページ[がは]見つかりません|페이지를 찾을 수 없|"
            r"(?:página|pagina) (?:solicitada )?(?:no|não|non) (?:encontrada|existe|trovata|encontrado)"
            r"|page (?:demandée )?(?:est )?(?:introuvable|non trouvée)|"
            r"seite (?:konnte |wurde )?nicht gefunden|404\s*(?:[-–—:]\s*)?(?:not found|error|错误|页面|未找到|找不到)|error 404|"
            r"(?:file|url|resource|document) (?:was )?not found|존재하지 않는|삭제된 (?:글|게시물)"
            r"|系统(?:出错|错误|繁忙)|服务器错误|参数错误|"
            r"数据库连接(?:失败|错误)|establishing a database connection|internal server error|502 bad gateway|504 gateway"
            r"|service unavailable|访问地址无效|(?:找不到|没有)对应的(?:栏目|文章|页面|信息)|错误的(?:栏目|文章|页面|访问)?(?:参数|地址)|"
            r"^\W*(?:非法|无效的?|不合法的?)(?:访问|操作|请求|参数|链接|地址)\W*$|(?:参数|请求)(?:不合法|无效|有误)|"
            r"(?:访问|页面|程序|系统|服务器|运行时?)(?:发生|出现)?(?:出错|错误|异常)(?:了|啦)?\W*$|链接(?:不存在|已(?:经)?失效|无效)|"
            r"(?:数据|记录|信息)(?:不存在|已(?:经)?被?删除)|(?:网站|站点)(?:不存在|已(?:经)?(?:关闭|停用|停止访问))|"
            r"http (?:status|error|错误) (?:4|5)\d\d|server error in|runtime error|the resource cannot be found|no input file specified|"
            r"^\W*(?:fatal|parse) error\b|an error (?:has )?occurred while processing|something went wrong|bad request|"
            r"the requested (?:url|page) (?:\S+ )?(?:was not found|could not be found|does not exist)|sorry, (?:the|this) page|"
            r"seite nicht verfügbar|erreur (?:404|500)|error (?:404|500) ?[-–—]|"
            r"apache2? (?:\w+ )?default page|iis windows|it works!|this is the default (?:web ?site|page)|"
            r"(?:site|page) (?:is )?(?:currently )?under (?:maintenance|construction)"
            r"|^\W*under (?:maintenance|construction)|welcome to nginx",
            re.I,
        ),
    ),
)
# Titles that systems give to pages of their own; the text below says what is the matter.
SYSTEM = re.compile(
    r"\W*(?:(?:系统|操作|错误|出错|温馨|友情|访问|信息|消息|页面|跳转)?(?:提示|错误|出错)(?:信息|页面?|消息)?|跳转(?:中|提示|页面)?"
    r"|error|fehler|erreur|errore?|object moved|document moved|\d{3} (?:error|moved permanently|found|forbidden)|安全验证|访问验证)\W*",
    re.I,
)
ASKED = re.compile(
    r"统一(?:身份)?认证|请(?:先|您)?登录|(?:用户|系统|账号|^)\s?登\s?[录入]|vpn|single sign[- ]on|\b(?:log|sign) ?in\b"
    r"|central authentication|로그인|ログイン",
    re.I,
)  # beside a password
# What speaks of error pages without being one: 关于系统维护的通知, 如遇页面不存在.
ABOUT = re.compile(r"(?:通知|公告|公示|说明|指南|手册|办法|规定|通告|须知|安排|教程)\W*$|如遇|如果|若|如有")
APOLOGY = r"\W*(?:抱歉|对不起|很抱歉|提示|系统提示|sorry)?\W*"
BETWEEN = re.compile(r"\s*[-_|—–·»]+\s*")
# A line that says this and nothing else.
NOTHING = re.compile(
    r"\W*(?:(?:抱歉|对不起|對不起)\W*)?(?:(?:该|本|此)?栏目)?(?:暂|尚|目前|目前尚|暫|当前)?(?:没有|沒有|无|無)(?:找到|任何|相关|相關|的)*"
    r"(?:信息|内容|內容|数据|记录|紀錄|資料|资料|文章|新闻|公告|公告訊息|通知|结果)\W*"
    r"|\W*(?:등록된|조회된|검색된) ?(?:게시물|게시글|글|자료|내용|데이터|공지사항)[이가은] ?(?:없습니다|존재하지 않습니다)\W*"
    r"|\W*(?:nothing found|(?:there (?:are|is) )?(?:currently )?no (?:news(?: items?)?|posts?|articles?|results?|items?"
    r"|entries|records?|announcements?)(?: (?:were|was))?(?: (?:found|available|yet|at th(?:is time|e moment)|to (?:show|display)))?)\W*"
    r"|\W*(?:keine (?:nachrichten|meldungen|einträge|artikel|beiträge|ergebnisse)(?: (?:verfügbar|vorhanden|gefunden))?"
    r"|aucune? (?:actualité|article|résultat|élément)(?: (?:pour le moment|trouvée?|disponible))?"
    r"|no (?:hay|se encontraron) (?:noticias|resultados|entradas|artículos)(?: disponibles)?"
    r"|nessun[ao]? (?:notizia|risultato|articolo)(?: (?:trovat[oa]|disponibile))?|nenhuma? (?:notícia|resultado)(?: encontrad[oa])?)\W*"
    r"|\W*(?:現在、?)?(?:お知らせ|ニュース|記事|データ|該当する(?:記事|データ))(?:は|が)(?:ありません|ございません|見つかりません(?:でした)?)\W*",
    re.I,
)
# Titles of pages that are no listing, whatever they list besides.
TITLES: tuple[tuple[PageKind, re.Pattern[str]], ...] = (
    ("login", re.compile(r"身份认证|统一认证|(?:用户|系统|账号|^)登[录入]|\b(?:log|sign) ?in\b|로그인|ログイン", re.I)),
    (
        "missing",
        re.compile(r"^\W*404\b|page not found|^\W*not found|页面不存在|頁面不存在|ページが見つかりません", re.I),
    ),
)
