"""Whether a page is an article at all: a bot check, a consent wall, an error page, or a list of other pages.

General patterns and counted evidence only; no site is named. Where the text is does not belong here (`body`).
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from extractors import blocks
from extractors.blocks import Page
from extractors.facts import Facts

# Titles of pages that stand in for the one that was asked for.
_WALL_TITLE = re.compile(
    r"^\W*(?:just a moment|attention required|access denied|access to this (?:page|site) has been denied|please wait|"
    r"one moment,? please|are you (?:a )?(?:robot|human)|robot check|security (?:check|verification)|"
    r"checking your browser|"
    r"(?:please )?verify(?:ing)?\b.{0,12}\bhuman|human verification|bot verification|captcha|ddos-guard|"
    r"pardon our interruption|request unsuccessful|(?:sorry, )?you have been blocked|blocked\W*$|forbidden|"
    r"before you continue|your privacy choices|privacy (?:settings|gate)|cookie (?:consent|settings|wall)|consent\W*$|"
    r"подождите|проверка браузера|доступ (?:к ресурсу )?(?:ограничен|"
    r"запрещ)|вы не робот|安全验证|安全驗證|访问验证|人机验证|访问被拒绝|"
    r"einen moment bitte|zugriff verweigert|un instant|accès refusé|un momento|acceso denegado|accesso negato)",
    re.IGNORECASE,
)
_ERROR_TITLE = re.compile(
    r"^\W*(?:(?:error|http|fehler|erreur|ошибка|错误)?\W*(?:40[0134]|410|429|50[0234]|52\d)\b(?!\W*(?:%|"
    r"million|billion|years?))|"
    r"(?:page|article|file|content|seite|site) (?:not found|nicht gefunden|cannot be found)|not found\W*$|"
    r"oops\b.{0,60}(?:not|can't|cannot|couldn't)|page introuvable|página no encontrada|pagina non trovata|"
    r"página não encontrada|pagina niet gevonden|nie znaleziono strony|(?:такой )?страниц[аы] не "
    r"(?:найдена|существует)|"
    r"页面不存在|页面未找到|找不到(?:页面|網頁|网页|頁面)|您访问的页面|"
    r"bad gateway|service (?:temporarily )?unavailable|"
    r"gateway time-?out|internal server error|(?:site )?(?:temporarily unavailable|under maintenance)|server error)",
    re.IGNORECASE,
)
# Sentences of walls, looked for where the page says little else.
_WALL_TEXT = re.compile(
    r"enable javascript and cookies to continue|checking (?:if the site connection is secure|your browser)|"
    r"verify(?:ing)? (?:that )?you are (?:a )?(?:human|not a robot)|unusual (?:traffic|activity)|complete the captcha|"
    r"ddos protection by|this process is automatic|performance (?:&|and) security by cloudflare|ray id|"
    r"you don't have permission to access|please turn javascript on|your (?:access|request) (?:to "
    r"this site )?has been (?:blocked|limited)|"
    r"why have i been blocked|подтвердите,? что вы не робот|"
    r"проверяем ваш браузер|请完成.{0,6}验证|请输入验证码|系统检测到.{0,12}异常",
    re.IGNORECASE,
)
_CONSENT_TEXT = re.compile(
    r"we value your privacy|before you continue to|(?:accept|reject|agree to) all|store and/or access "
    r"information on a device|"
    r"our (?:\d+ )?partners|mit werbung weiterlesen|zustimmen und weiter|tout accepter|aceptar y "
    r"continuar|accetta e continua",
    re.IGNORECASE,
)
_LITTLE = 1_500  # characters; what a wall says at most
_SECTION = re.compile(
    r"/(?:category|categories|tags?|topics?|themen?|collections?|shop|store|list|archives?|search|"
    r"browse|cat|section|rubriques?|"
    r"rubrics?|ressort|authors?|autor|c|b|page/\d+|issues)(?:/|$)",
    re.IGNORECASE,
)
_IDENTIFIED = re.compile(r"\d{5,}|/(?:19|20)\d\d/?[01]?\d/")
_LISTING = 2  # points from which a page is a list


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What is known of a page when its kind is decided."""

    url: str
    facts: Facts
    page: Page
    title: str
    text: str
    dated: bool  # the head gives a date of publication
    fed: bool  # a feed names the page as an entry


def name_wall(seen: Evidence) -> str:
    """Return what stands in for the article, in a few words, or the empty string where nothing does."""
    said = [seen.facts.document_title, *seen.facts.headings[:1]]
    length = sum(len(block.text) for block in seen.page.blocks)
    if (
        any(_ERROR_TITLE.match(text) for text in said)
        and not seen.facts.linked.article
        and len(seen.text) < 2 * _LITTLE
    ):
        return "an error page"
    if length > 4 * _LITTLE:
        return ""
    if any(_WALL_TITLE.match(text) for text in said) and len(seen.text) < _LITTLE and not seen.facts.linked.article:
        return "a bot check or consent wall"
    if length > _LITTLE or seen.facts.linked.article:
        return ""
    words = " ".join(block.text for block in seen.page.blocks)
    if _WALL_TEXT.search(words) and len(seen.text) < 800:
        return "a bot check"
    if len(_CONSENT_TEXT.findall(words)) >= 2:
        return "a consent wall"
    return ""


def is_listing(seen: Evidence) -> bool:
    """Tell a page that lists others (a section, a topic, a shop's shelf) from one that holds a text of its own."""
    return _count_head(seen) + _count_address(seen.url) + _count_text(seen) >= _LISTING


def _count_head(seen: Evidence) -> int:
    facts = seen.facts
    points = 0
    if facts.linked.article:
        points -= 3
    if seen.fed:
        points -= 3
    if facts.kind == "article":
        points -= 1
    elif facts.kind.startswith("product"):
        points += 2
    elif facts.kind == "website":
        points += 1
    if seen.dated:
        points -= 1
    if facts.linked.authors or facts.authors:
        points -= 1
    if facts.linked.lists:
        points += 2
    return points


def _count_address(url: str) -> int:
    """Return what an address says: articles have slugs and numbers, lists short names near the root."""
    try:
        path = urlsplit(url).path
    except ValueError:
        return 0
    if not url:
        return 0
    parts = [part for part in path.split("/") if part]
    words = len(re.findall(r"[^\W_]+", parts[-1])) if parts else 0
    points = 3 if not parts else 0
    if words >= 5:
        points -= 2
    elif words >= 4 or _IDENTIFIED.search(path):
        points -= 1
    elif words <= 2:
        points += 1
    return points + (2 if _SECTION.search(path) else 0)


def _count_text(seen: Evidence) -> int:
    page = seen.page
    total = sum(len(block.text) for block in page.blocks) or 1
    linked = sum(block.linked for block in page.blocks) / total
    prose = sum(blocks.width(line) for line in seen.text.split("\n") if len(line) >= 40)
    points = 0
    if prose > 4_000 and linked < 0.15 and page.cards < 8:
        points -= 2
    elif prose > 1_500:
        points -= 1
    elif prose < 700 and (linked > 0.2 or page.cards >= 3):
        points += 1 if prose > 300 else 2
    if page.cards >= 8:
        points += 1
    if page.cards >= 20 and prose < 2_000:
        points += 1
    if linked > 0.4:
        points += 1
    return points
