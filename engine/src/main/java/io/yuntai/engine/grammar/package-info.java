/**
 * Languages that an answer can be held to, and the masks that hold it: which tokens may come next.
 *
 * <p>Two halves. A {@link io.yuntai.engine.grammar.Grammar} is an immutable description of a
 * language over bytes, made from a regular expression, a GBNF grammar, a list of choices, a JSON
 * Schema ({@code grammar.schema}) or a combination; it knows no vocabulary. A {@link
 * io.yuntai.engine.grammar.TokenMasks} belongs to one vocabulary and walks grammars over its
 * tokens: a pushdown automaton over bytes whose states are built when they are first reached and
 * shared by value.
 *
 * <p>How masks are made cheap. A state is a leaf (a piece of a text or of a regular language) and
 * what comes after it. Which tokens a leaf takes does not depend on what comes after, except for
 * tokens that run over the leaf's end: so each leaf walks the trie of all tokens once, remembers
 * its tokens as bits and the places where the leaf may end, and only from those places is the rest
 * walked for what comes after. In a text, tokens of ordinary characters are taken as one
 * precomputed set. The ideas of splitting tokens by their dependence on context and of classes of
 * tokens that need no walk are published with XGrammar and llguidance.
 *
 * <p>Invariants: a state is never a dead end (some bytes complete it), so neither is an allowed
 * token; a mask is exact, the same as trying each token byte by byte. Knows nothing of models,
 * sampling or requests.
 */
@org.jspecify.annotations.NullMarked
package io.yuntai.engine.grammar;
