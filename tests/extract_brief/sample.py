"""One invented brief about lamps, as plain text, as markdown and as HTML."""

PLAIN = """\
A lamp seen from below
Lantern Papers
9 min read

Smart lamps + Lamp talent

1. Lamp makers asked to count their bulbs

At a glance: Five government agencies led by the Ministry of Commerce (MOFCOM) issued a plan for the lamp trade. Key targets for 2028 are:

  • Serve more than 12,000 lamp shops in 30 cities
  • Build three to five lamp parks, with annual growth of 8 percent

Lamp Weekly comment: Lamps matter. The plan follows earlier plans.

Nothing in it is new.

Article: Action Plan for the Lamp Trade (2026-2028) (商务部等五部门关于印发《灯具贸易行动计划(2026-2028年)》的通知) (Link)
Issuing body: MOFCOM
Date: January 15, 2027

Lamp data gets rules

Issuing body: CAC Date: January 20, 2027 At a glance: The regulator released draft measures on lamp data. It is collecting feedback until February 19. They would:

  • Require yearly reports
  • Name a lamp officer

LP comment: Short.

More on the topic: a report

Policy name: Measures for Lamp Data (Draft for Comments) (灯具数据管理办法(征求意见稿) (Link)
Issuing Body: CAC
Date: January 20, 2027

3. Shops rush into lamps

At a glance: Two shops bought lamps:

  • January 5: Shop A bought one

Comment: Busy.

WORTH NOTING

Policy news

  • December 28: The Ministry of Education and three other ministries issued Opinions on lamps in schools; they take effect soon (MOE notice (CN); Lamp Daily article (EN))
  • January 4: MIIT launched applications for lamp pilots (MIIT notice)

Corporate news

  • January 6: Lamp maker Lux Co. will sell 200 lamps to Hall Ltd. for USD 3 million. More may follow
    next year (Lamp Daily article, Scout)
  • January 7: Bulb prices rose, said the trade body for light-emitting diodes (LEDs)
Author(s)
"""

MARKDOWN = """\
FEBRUARY 1, 2027 (REPORTING PERIOD: DECEMBER 20 - JANUARY 25)

# Lantern

## Papers

### CONTENTS

LANTERN TOP 3 ..... 2
1. Lamp makers asked to count their bulbs ..... 2
2. Lamp data gets rules..... 3
3. Shops rush into lamps .... 4
Policy news ..... 5
Corporate news ..... 5

## LANTERN TOP 3

### 1. Lamp makers asked to count their bulbs

**At a glance:** Five government agencies led by the Ministry of Commerce (MOFCOM) issued a plan for the lamp trade. Key targets for 2028 are:

- Serve more than 12,000 lamp shops in 30 cities
- Build three to five lamp parks, with [annual growth](#) of 8 percent

**Lamp Weekly comment:** Lamps matter. The plan follows earlier plans.

Nothing in it is new.

**Article:** Action Plan for the Lamp Trade (2026-2028) (商务部等五部门关于印发《灯具贸易行动计划(2026-2028年)》的通知)

[\\(Link\\)](#)

**Issuing body:** MOFCOM

**Date:** January 15, 2027

## 2. Lamp data gets rules

**At a glance:** The regulator released draft measures on lamp data. It is collecting feedback until February 19. They would:

- Require yearly reports
- Name a lamp officer

**Lamp Weekly comment:** Short.

**Article:** Measures for Lamp Data (Draft for Comments) (灯具数据管理办法(征求意见稿)) ([Link](#))

**Issuing body:** CAC

**Date:** January 20, 2027

#### 3. Shops rush into lamps

**At a glance:** Two shops bought lamps:

- January 5: Shop A bought one

**Lamp Weekly comment:** Busy.

## NOTEWORTHY

### Policy news

- *December 28:* The Ministry of Education and three other ministries issued Opinions on lamps in schools; they take effect soon ([MOE notice](#); [Lamp Daily article](#))
- *January 4:* MIIT launched applications for lamp pilots ([MIIT notice](#))

### Corporate news

- *January 6:* Lamp maker Lux Co. will sell 200 lamps to Hall Ltd. for USD 3 million. More may follow

next year ([Lamp Daily article](#), [Scout](#))

- *January 7:* Bulb prices rose, said the trade body for light-emitting diodes (LEDs)

## **AUTHORS**

A. Wick
"""

HTML = """\
<!DOCTYPE html><html><head><title>Lantern Papers</title></head><body>
<nav><ul><li>Home</li><li>Policy news</li></ul></nav>
<h1>Smart lamps + Lamp talent</h1>
<h2>1. Lamp makers asked to count their bulbs</h2>
<p><strong>At a glance:</strong> Five government agencies led by the Ministry of Commerce (MOFCOM) issued a
plan for the lamp trade. Key targets for 2028 are:</p>
<ul><li>Serve more than 12,000 lamp shops in 30 cities</li>
<li><p>Build three to five lamp parks, with annual growth of 8 percent</p></li></ul>
<p><b>Lamp Weekly comment:</b> Lamps matter. The plan follows earlier plans.</p><p>Nothing in it is new.</p>
<p><b>Article:</b> Action Plan for the Lamp Trade (2026-2028)
(商务部等五部门关于印发《灯具贸易行动计划(2026-2028年)》的通知) (<a href="/1">Link</a>)<br>
<b>Issuing body:</b> MOFCOM<br><b>Date:</b> January 15, 2027</p>
<h2>2. Lamp data gets rules</h2>
<p><strong>At a glance:</strong> The regulator released draft measures on lamp data. It is collecting
feedback until February 19. They would:</p>
<ul><li>Require yearly reports</li><li>Name a lamp officer</li></ul>
<p><b>Lamp Weekly comment:</b> Short.</p>
<p><b>Article:</b> Measures for Lamp Data (Draft for Comments) (灯具数据管理办法(征求意见稿)) (<a href="/2">Link</a>)<br/>
<b>Issuing body:</b> CAC<br/><b>Date:</b> January 20, 2027</p>
<h2>3. Shops rush into lamps</h2>
<p><strong>At a glance:</strong> Two shops bought lamps:</p><ul><li>January 5: Shop A bought one</li></ul>
<p><b>Lamp Weekly comment:</b> Busy.</p>
<h2>NOTEWORTHY</h2><h3>Policy news</h3>
<ul><li><em>December 28:</em> The Ministry of Education and three other ministries issued Opinions on lamps in
schools; they take effect soon (<a href="/3">MOE notice</a>; <a href="/4">Lamp Daily article</a>)</li>
<li><em>January 4:</em> MIIT launched applications for lamp pilots (<a href="/5">MIIT notice</a>)</li></ul>
<h3>Corporate news</h3>
<ul><li><em>January 6:</em> Lamp maker Lux Co. will sell 200 lamps to Hall Ltd. for USD 3 million. More may
follow next year (<a href="/6">Lamp Daily article</a>, <a href="/7">Scout</a>)</li>
<li><em>January 7:</em> Bulb prices rose, said the trade body for light-emitting diodes (LEDs)</li></ul>
<h3>Authors</h3><p>A. Wick</p>
<script>var bullets = ["Policy news"];</script></body></html>
"""

FORMATS = {"plain": PLAIN, "markdown": MARKDOWN, "html": HTML}
