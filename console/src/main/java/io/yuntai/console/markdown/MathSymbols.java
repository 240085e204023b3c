package io.yuntai.console.markdown;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** What LaTeX's commands stand for, by the tables of Unicode's mathematical characters. */
final class MathSymbols {
  /** Letters: they are variables. */
  static final Map<String, String> LETTERS =
      table(
          """
          alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι
          kappa κ varkappa ϰ lambda λ mu μ nu ν xi ξ omicron ο pi π varpi ϖ rho ρ varrho ϱ sigma σ
          varsigma ς tau τ upsilon υ phi ϕ varphi φ chi χ psi ψ omega ω Gamma Γ Delta Δ Theta Θ
          Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω infty ∞ hbar ℏ ell ℓ wp ℘ Re ℜ
          Im ℑ aleph ℵ beth ℶ partial ∂ nabla ∇ emptyset ∅ varnothing ∅ imath ı jmath ȷ top ⊤ bot ⊥
          angle ∠ triangle △ square □ Box □ Diamond ◇ degree ° clubsuit ♣ diamondsuit ♢ heartsuit ♡
          spadesuit ♠ flat ♭ natural ♮ sharp ♯ checkmark ✓ dagger † ddagger ‡ S § P ¶ copyright ©
          ldots … dots … dotsc … dotsb ⋯ dotsm ⋯ cdots ⋯ vdots ⋮ ddots ⋱ therefore ∴ because ∵
          """);

  /** Operators, relations and arrows. */
  static final Map<String, String> OPERATORS =
      table(
          """
          times × div ÷ cdot ⋅ pm ± mp ∓ ast ∗ star ⋆ circ ∘ bullet ∙ oplus ⊕ ominus ⊖ otimes ⊗
          oslash ⊘ odot ⊙ cap ∩ cup ∪ sqcap ⊓ sqcup ⊔ uplus ⊎ vee ∨ lor ∨ wedge ∧ land ∧ setminus ∖
          backslash ∖ wr ≀ amalg ⨿ le ≤ leq ≤ leqslant ⩽ ge ≥ geq ≥ geqslant ⩾ ne ≠ neq ≠ ll ≪ gg ≫
          lll ⋘ ggg ⋙ equiv ≡ sim ∼ simeq ≃ approx ≈ cong ≅ propto ∝ asymp ≍ doteq ≐ prec ≺ succ ≻
          preceq ⪯ succeq ⪰ subset ⊂ supset ⊃ subseteq ⊆ supseteq ⊇ subsetneq ⊊ supsetneq ⊋ in ∈
          notin ∉ ni ∋ mid ∣ nmid ∤ parallel ∥ perp ⊥ vdash ⊢ dashv ⊣ models ⊨ vDash ⊨ Vdash ⊩
          to → rightarrow → leftarrow ← gets ← leftrightarrow ↔ Rightarrow ⇒ Leftarrow ⇐
          Leftrightarrow ⇔ implies ⟹ impliedby ⟸ iff ⟺ longrightarrow ⟶ longleftarrow ⟵
          Longrightarrow ⟹ Longleftarrow ⟸ longleftrightarrow ⟷ Longleftrightarrow ⟺ mapsto ↦
          longmapsto ⟼ uparrow ↑ downarrow ↓ updownarrow ↕ Uparrow ⇑ Downarrow ⇓ nearrow ↗ searrow ↘
          swarrow ↙ nwarrow ↖ hookrightarrow ↪ hookleftarrow ↩ rightharpoonup ⇀ rightharpoondown ⇁
          leftharpoonup ↼ rightleftharpoons ⇌ leadsto ⇝ forall ∀ exists ∃ nexists ∄ neg ¬ lnot ¬
          colon : coloneqq ≔ triangleq ≜ lhd ⊲ rhd ⊳ ltimes ⋉ rtimes ⋊ bowtie ⋈ smile ⌣ frown ⌢
          """);

  /** Operators that grow and take limits. */
  static final Map<String, String> LARGE =
      table(
          """
          sum ∑ prod ∏ coprod ∐ int ∫ iint ∬ iiint ∭ oint ∮ bigcup ⋃ bigcap ⋂ bigsqcup ⨆ bigvee ⋁
          bigwedge ⋀ bigoplus ⨁ bigotimes ⨂ bigodot ⨀ biguplus ⨄
          """);

  static final Map<String, String> DELIMITERS =
      table(
          """
          lbrace { rbrace } langle ⟨ rangle ⟩ lfloor ⌊ rfloor ⌋ lceil ⌈ rceil ⌉ lvert | rvert | vert |
          lVert ‖ rVert ‖ Vert ‖ lbrack [ rbrack ] lgroup ⟮ rgroup ⟯ ulcorner ⌜ urcorner ⌝
          """);

  /** Names that are set upright. */
  static final Set<String> FUNCTIONS =
      Set.of(
          ("sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh coth exp log ln lg deg dim"
                  + " hom ker arg")
              .split(" "));

  /** Those below which something may stand. */
  static final Set<String> LIMITS =
      Set.of(
          "lim limsup liminf max min sup inf det gcd Pr argmax argmin injlim projlim".split(" "));

  static final Map<String, String> ACCENTS =
      table(
          """
          hat ^ widehat ^ bar ¯ overline ‾ vec → overrightarrow → overleftarrow ← tilde ~ widetilde ~
          dot ˙ ddot ¨ check ˇ breve ˘ acute ´ grave ` mathring ˚ overbrace ⏞ overparen ⏜
          """);

  static final Map<String, String> BELOW =
      table("underline _ underbrace ⏟ underrightarrow → underparen ⏝");

  /** Widths of blanks in em. */
  static final Map<String, String> SPACES =
      Map.ofEntries(
          Map.entry("\\,", "0.167"),
          Map.entry("\\:", "0.222"),
          Map.entry("\\>", "0.222"),
          Map.entry("\\;", "0.278"),
          Map.entry("\\!", "-0.167"),
          Map.entry("\\ ", "0.333"),
          Map.entry("~", "0.333"),
          Map.entry("\\quad", "1"),
          Map.entry("\\qquad", "2"),
          Map.entry("\\thinspace", "0.167"),
          Map.entry("\\medspace", "0.222"),
          Map.entry("\\thickspace", "0.278"),
          Map.entry("\\enspace", "0.5"));

  private MathSymbols() {}

  private static Map<String, String> table(String words) {
    String[] parts = words.strip().split("\\s+");
    Map<String, String> table = new HashMap<>();
    for (int i = 0; i + 1 < parts.length; i += 2) {
      table.put(parts[i], parts[i + 1]);
    }
    return Map.copyOf(table);
  }
}
