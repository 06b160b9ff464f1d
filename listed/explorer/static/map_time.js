// What holds on a day: links by their claims, entities by their listings.

const MILLIS = 86_400_000;
export const toNumber = (day) => Math.round(Date.parse(`${day}T00:00:00Z`) / MILLIS);
export const toDay = (number) => new Date(number * MILLIS).toISOString().slice(0, 10);

const holds = (span, day) => !span.never && (span.first === null || span.first <= day) && (span.last === null || day <= span.last);
const over = (span, day) => !span.never && span.last !== null && span.last < day;

export const WORDS = {
  OWNS: "share unknown", CONTROLS: "controls", INVESTED_IN: "invested in", FOUNDED: "founded", PARTNERS_WITH: "partner", FUNDS: "funds",
  OFFICER_OF: "officer", SUPPLIES: "supplies", CUSTOMER_OF: "customer of", SUCCEEDS: "succeeds", RELATED_TO: "related",
  REGULATES: "regulates", PILOTS: "pilots", DESIGNATED_BY: "designated by", AFFILIATED_WITH: "affiliated", LINKED_TO: "linked",
};

const NOT_THERE = { state: "", label: "", claims: [] };

// How a link stands on a day: "now", "past" or "" (not at all), and what is written on it.
export function linkOn(link, day, sharesDay) {
  if (!link.claims.some((claim) => holds(claim, day) || over(claim, day))) return NOT_THERE;
  const now = link.claims.filter((claim) => holds(claim, day));
  const before = now.length ? [] : link.claims.filter((claim) => over(claim, day));
  const told = now.length ? now : before;
  const shares = [...new Set(told.map((claim) => claim.share).filter(Boolean))];
  const settled = day === sharesDay && now.length ? link.label : shares.join(" / ");
  return { state: now.length ? "now" : "past", label: settled || WORDS[link.type] || link.type, claims: told };
}

export const listingsOn = (entity, day) => entity.listings.filter((one) => holds(one, day));

// "would be captured": the verdict of a rule that is not, or not certainly, in force.
const WOULD_BE = "would be ";
export const isConditional = (status) => status.startsWith(WOULD_BE);
export const verdictIn = (status) => (isConditional(status) ? status.slice(WOULD_BE.length) : status);
export const lookOf = (status) => (isConditional(status) ? `${verdictIn(status)} would-be` : status);
export const standing = (verdict, ruleStatus) => (["listed", "none"].includes(verdict) || !ruleStatus || ruleStatus === "in_force" ? verdict : WOULD_BE + verdict);

export function statusOn(entity, day) {
  if (listingsOn(entity, day).length) return "listed";
  return entity.verdict === "listed" ? "none" : entity.verdict;
}

// The days on which something on the map begins, or is over for the first time.
export function changeDays(content) {
  const days = new Set();
  const add = (span) => {
    if (span.never) return;
    if (span.first) days.add(toNumber(span.first));
    if (span.last) days.add(toNumber(span.last) + 1);
  };
  for (const entity of content.entities) entity.listings.forEach(add);
  for (const link of content.links) link.claims.forEach(add);
  return [...days].sort((a, b) => a - b);
}
