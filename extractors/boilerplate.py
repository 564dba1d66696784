"""What the markup and the words of a page look like where they are no part of its article.

Patterns only, in the languages of the corpus's outlets; none is made for one site. Words of classes and ids begin at a word or
after a hyphen. How much of a page may be left out on their word is decided where they are used (`blocks`, `body`).
"""

import re

# Classes and ids. Hard words are believed unless half the page stands under them, soft ones only where little does: layouts carry
# them, too.
_HARD = (
    r"related|related-?(?:articles?|stories|posts|content|links|news)|recommend|recommended|recommendations?|recirc\w*|also-?(?:read|like)|"
    r"see-?also|read-?more|readmore|read-?next|read-?also|up-?next|more-?(?:on|stories|news|articles|from|in|like)|next-?(?:article|post|story)|"
    r"newsletters?|nl-?signup|subscribe|sign-?up|signup|adverts?|advertisements?|advertising|ads?|adsbygoogle|dfp|outbrain|taboola|"
    r"comments?|commentlist|comment-?list|disqus|respond|replies|breadcrumbs?|crumbs|pagination|pager|navbar|navigation|nav|menu|submenu|"
    r"cookies?|gdpr|addthis|addtoany|sharedaddy|sociable|social-?(?:shar\w+|media|links|icons|buttons|bar|list)|"
    r"share-?(?:bar|buttons?|links|tools|icons|this|list)|most-?(?:read|popular|viewed|recent)|trending|"
    r"popular-?(?:posts|articles|stories|news)|latest-?(?:news|posts|articles|stories)|tag-?(?:list|cloud|links)|post-?tags|article-?tags|"
    r"author-?(?:bio|box|info|card|profile|details|description)|about-?(?:the-?)?author|teaser-?list|inread|leaderboard|skyscraper|"
    r"sign-?in|log-?in|login|register|registration|auth|identity|affiliate|affiliates|polls?|quiz|survey|breaking-?(?:block|bar|strip|ticker)|ticker|"
    r"video-?fallback|written-?by|contributors?|contact-?(?:form|us)|blocker|barrier|piano|zephr|feedback|whatsapp|telegram|app-?(?:promo|banner|download)|"
    r"cookie-?law\w*|cookiebot|cli-(?:modal|tab|bar)|onetrust|didomi|usercentrics|cmplz|cky|iubenda|truste|qc-?cmp2?|fc-consent|moove-?gdpr"
)
_SOFT = (
    r"share|sharing|shares|social|socials|subscription|paywall-?(?:banner|prompt|overlay)|regwall|promo|promos|promotions?|sponsor|sponsored|"
    r"paging|toolbar|sidebar|side-?bar|footer|masthead|consent|popup|modal|overlay|lightbox|tags|taglist|topics-?list|keywords|categories|"
    r"byline|authors?|bio|dateline|timestamp|captions?|credits?|copyright|legende|popular|latest|teasers?|print|noprint|print-?only|"
    r"visually-?hidden|sr-?only|screen-?reader(?:-?text)?|skip-?link|rating|ratings|toc|table-?of-?contents|widget-?area|"
    r"meta|metadata|post-?meta|entry-?meta|publish-?date|published-?date|cta|call-?to-?action|donate|donation|support-?us|jobs|"
    r"banner|disclaimer|dates?|time|datetime|gallery|slideshow|image-?widget|calculator|contact|controls?|message|alert|notice|"
    r"rollover|tooltip|popover|hovercard"
)
TOKENS = re.compile(
    rf"(?:^|[\s_])(?:[a-z0-9]+[-_]{{1,2}}){{0,4}}(?:(?P<hard>{_HARD})|(?P<soft>{_SOFT}))(?:[-_]{{1,2}}[a-z0-9-]*)?(?=$|[\s_])"
    rf"|(?:^|\s)(?:(?:is-|u-)?(?:hide|hidden)|image|img|photo|foto|picture|figure|wp-caption)(?=$|\s)"
)
# Classes and ids of what is the text, whatever else they say.
CONTENT = re.compile(
    r"(?:^|[\s_-])(?:(?:article|entry|post|story|page|main|single|news|blog|theme-post)[-_]{0,2}(?:content|body|text|copy)|articlebody|field-body|"
    r"field-name-(?:\w+-)*body|content-?body|body-?(?:text|copy|content)|rich-?text)"
    r"(?=$|\s|[-_]+(?:wrapper|wrap|container|inner|outer|main|area|block|section|text|column|\w*\d\w*|full|default|regular)?(?:$|[\s_-]))"
)
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)

# Short lines after which an article is over.
ENDING = re.compile(
    r"^\W*(?:related(?:\s+(?:articles?|stories|posts|content|coverage|news|topics|reading|links|tags))?|more .{0,25}(?:stories|news|articles|posts|videos)\b.*|more (?:[A-Z]\w+ ?){1,3}|"
    r"more (?:from|on|in|about)\b.{0,60}|read (?:more|next|also)\b.{0,40}|recommended(?: (?:for you|stories|articles|videos?|reading|from .{1,40}))?|"
    r"you (?:may|might) (?:also )?(?:like|be interested).*|also (?:read|in this|on).{0,40}|see also|up next|don'?t miss|most (?:read|popular|viewed|recent|commented).{0,30}|"
    r"trending(?: now| stories)?|popular (?:posts|stories|articles|now)|latest (?:news|stories|posts|articles|videos|from .{1,40})|top stories|editor'?s'? picks?|"
    r"(?:leave|post|write|add) a (?:comment|reply).*|leave a reply.*|comments?(?: \(?\d+\)?)?|\d+ (?:comments?|responses|replies)|join the (?:conversation|discussion).*|"
    r"(?:about|meet) the authors?|about us|author bio|share (?:this|article|on|via|the)\b.{0,40}|share|tags?|topics|topics? in this article|filed under\b.*|"
    r"sign ?up (?:for|to)\b.{0,80}|subscribe(?: (?:to|now|for|today)\b.{0,60})?|newsletters?|get (?:the|our) .{0,40}newsletters?.{0,40}|follow us.{0,40}|"
    r"previous (?:article|post|story)|next (?:article|post|story)|post navigation|references|sources?|privacy overview|"
    r"mehr (?:zum thema|dazu|aus|von|artikel|nachrichten).{0,40}|lesen sie (?:auch|mehr|dazu).{0,60}|auch interessant|das könnte sie (?:auch )?interessieren.*|"
    r"meistgelesen.{0,30}|zum thema|weitere (?:artikel|themen|meldungen|nachrichten|beiträge).{0,40}|kommentare?.{0,20}|schlagwörter|themen|zur startseite|"
    r"(?:à )?lire (?:aussi|plus|la suite|également).{0,80}|sur le même sujet|dans la même rubrique|les plus lus|nos derniers articles|commentaires?|partager|sujets|"
    r"(?:ver|leer|lea) (?:más|también|tambien).{0,60}|te puede interesar|más (?:noticias|información|sobre).{0,40}|relacionad[oa]s|lo más (?:leído|visto).{0,20}|comentarios|temas|etiquetas|"
    r"leggi anche.{0,60}|potrebbe interessarti.*|articoli correlati|commenti|leia (?:também|mais).{0,60}|relacionados|veja também|"
    r"lees (?:ook|meer|verder).{0,60}|gerelateerd.{0,30}|meer (?:over|nieuws|artikelen).{0,40}|reacties|les også.{0,60}|läs (?:också|även|mer).{0,60}|læs (?:også|mere).{0,60}|lue (?:myös|lisää).{0,60}|"
    r"czytaj (?:też|także|również|więcej).{0,60}|zobacz (?:też|także|również).{0,60}|přečtěte si.{0,60}|čtěte (?:také|více).{0,60}|olvasta már.*|kapcsolódó.{0,30}|devamını oku|ilgili haberler|"
    r"читайте (?:также|нас|ещё|еще).{0,60}|читать (?:также|далее).{0,40}|материалы по теме|похожие (?:новости|материалы|статьи).{0,20}|по теме|комментарии.{0,20}|теги|поделиться.{0,40}|другие новости.{0,20}|"
    r"главное за .{0,20}|новости (?:по теме|партн[её]ров|сми2?).{0,20}|ещё по теме|еще по теме|подписывайтесь.{0,80}|"
    r"читайте також.{0,60}|相关(?:阅读|新闻|报道|链接|文章|推荐|专题|内容)|相關(?:閱讀|新聞|報導|連結|文章|推薦)|延伸(?:阅读|閱讀)|推荐阅读|推薦閱讀|热门(?:推荐|文章|新闻|排行).{0,8}|"
    r"更多(?:新闻|新聞|报道|阅读|精彩|相关).{0,20}|上一篇.*|下一篇.*|网友评论|发表评论|我要评论|评论\W*\d*|分享到?|分享让更多人看到|責任編輯.{0,20}|责任编辑.{0,20}|关键词.{0,30}|標籤.{0,20}|标签.{0,20}|版权声明.{0,20}|"
    r"関連(?:記事|ニュース|リンク)|あわせて読みたい|おすすめ(?:の?記事)?|この記事(?:を|に).{0,30}|ランキング|관련\s?기사|많이 본 뉴스)\W*$",
    re.IGNORECASE,
)
# Short lines that are no part of an article wherever they stand.
LINE = re.compile(
    r"^\W*(?:adverts?|advertisements?|image \d+ of \d+|related (?:news|stories|articles)|tell us what you think.{0,20}|\[[^\]]{3,200}\]|like this story\?.*|anzeige|werbung|publicité|publicidad|pubblicità|reklama?|реклама|广告|廣告|広告|article continues (?:below|after).*|story continues.*|"
    r"(?:continue|keep) reading.{0,40}|scroll to continue.*|skip (?:to|ad|advert)\b.*|loading\.*|share(?: this)?(?: (?:article|story|page|post))?|print|email|copy link|link copied.?|save|listen|"
    r"(?:facebook|twitter|x|whatsapp|telegram|linkedin|email|e-mail|pinterest|reddit|instagram|messenger|google\+|vk|ok|print|copy link|flipboard|link|share|tweet|weibo|wechat|mail)"
    r"(?:\W+(?:facebook|twitter|x|whatsapp|telegram|linkedin|email|e-mail|pinterest|reddit|instagram|messenger|google\+|vk|ok|print|copy link|flipboard|link|share|tweet|weibo|wechat|mail))*|"
    r"(?:read more|read also|read next|related|recommended|also read|see also|more|must read|don'?t miss|lesen sie auch|lesen sie mehr|mehr zum thema|lire aussi|à lire aussi|lire également|leer más|lea también|"
    r"ver también|leggi anche|leia também|leia mais|lees ook|les også|läs också|læs også|lue myös|czytaj też|czytaj także|czytaj również|zobacz też|zobacz także|"
    r"читайте также|читать также|материалы по теме|читайте також|延伸阅读|相关阅读|延伸閱讀)\s*[:：>»|].{0,250}|"
    r"(?:photo|photograph|image|picture|foto|photo credit|image credit|image source|bild|crédit photo|credit|фото|图片来源|圖片來源|写真)s?\s*(?:by|:|：|/|©).{0,100}|©.{0,100}|"
    r"(?:\d+\s*)?(?:min(?:ute)?s?\.? read|min\.? lesezeit|minutes? de lecture|мин\.? чтения|минут[аы]? чтения)|(?:reading|read) time:?.{0,20}|lesezeit:?.{0,20}|"
    r"(?:published|posted|updated|last updated|first published|veröffentlicht|aktualisiert|publié|mis à jour|publicado|actualizado|aggiornato|опубликовано|обновлено|发布时间)\b.{0,80}|"
    r"(?:log ?in|sign ?in|register|subscribe now|sign up(?: now| here)?|follow|follow us|click here|learn more|find out more|shop now|buy now|watch now|view (?:all|more)|see (?:all|more)|show (?:more|less)|load more|back to top|go back|close|menu|search|home|next|previous|prev)|"
    r"(?:all rights reserved|copyright)\b.{0,200}|play video|watch:?|video|photos?|gallery|file photo)\W*$",
    re.IGNORECASE,
)
# Sentences of consent boxes, in any place.
CONSENT = re.compile(
    r"(?:this|our) (?:web)?site uses cookies|we (?:and our partners )?use cookies|uses? cookies to (?:improve|ensure|give|provide|personali)|accept (?:all )?cookies|"
    r"diese (?:web)?seite (?:verwendet|nutzt) cookies|verwenden (?:wir )?cookies|utilis\w+ des cookies|utiliza(?:mos)? cookies|utilizz\w+ (?:i )?cookie|"
    r"используе[тм]\w* (?:файлы )?cookie|使用\s*cookies?|inhalte? (?:von .{1,30} )?(?:anzeigen|erlauben|angezeigt)|personenbezogene daten .{0,40}drittplattformen|javascript (?:is )?(?:disabled|required|to be enabled)|enable javascript",
    re.IGNORECASE,
)
