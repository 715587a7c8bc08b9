package io.sightmill.llava;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Learns byte-pair merges from a text (Sennrich et al., arXiv 1508.07909), in SentencePiece's
 * manner: a word carries the mark of the space before it, no merge reaches over that mark, and
 * punctuation stays apart from words.
 *
 * <p>Deterministic: among pairs of equal count the first in the order of their characters wins.
 */
final class BytePairTrainer {

    /** Stands for a space. */
    static final String SPACE_MARK = "\u2581";

    /** Letters and digits, or what stands between them: no token holds both. */
    private static final Pattern RUN = Pattern.compile("[\\p{L}\\p{N}]+|[^\\p{L}\\p{N}]+");

    private static final Comparator<Map.Entry<Pair, Integer>> MOST_FREQUENT =
            Map.Entry.<Pair, Integer>comparingByValue()
                    .reversed()
                    .thenComparing(entry -> entry.getKey().left())
                    .thenComparing(entry -> entry.getKey().right());

    private final Map<List<String>, Integer> words = new HashMap<>();

    private BytePairTrainer() {}

    /** Two neighbouring tokens that become one. */
    record Pair(String left, String right) {

        String joined() {
            return left + right;
        }
    }

    /**
     * What was learned.
     *
     * @param tokens made by merges, each once, in the order in which they were learned
     * @param merges in order of precedence; several may make the same token
     */
    record Merges(List<String> tokens, List<Pair> merges) {

        Merges {
            tokens = List.copyOf(tokens);
            merges = List.copyOf(merges);
        }
    }

    /**
     * Trains on lines of text.
     *
     * @param mostTokens how many tokens to learn at most; fewer where the text has no more pairs
     */
    static Merges train(List<String> lines, int mostTokens) {
        BytePairTrainer trainer = new BytePairTrainer();
        lines.forEach(trainer::count);
        Set<String> tokens = new LinkedHashSet<>();
        List<Pair> merges = new ArrayList<>();
        while (tokens.size() < mostTokens) {
            Map.Entry<Pair, Integer> best = trainer.mostFrequentPair();
            if (best == null) {
                break;
            }
            merges.add(best.getKey());
            tokens.add(best.getKey().joined());
            trainer.merge(best.getKey());
        }
        return new Merges(List.copyOf(tokens), merges);
    }

    private void count(String line) {
        for (String word : line.trim().split(" +")) {
            List<String> symbols = new ArrayList<>(List.of(SPACE_MARK));
            Matcher run = RUN.matcher(word);
            while (run.find()) {
                run.group().codePoints().mapToObj(Character::toString).forEach(symbols::add);
                words.merge(symbols, 1, Integer::sum);
                symbols = new ArrayList<>();
            }
        }
    }

    private Map.Entry<Pair, Integer> mostFrequentPair() {
        Map<Pair, Integer> counts = new HashMap<>();
        words.forEach(
                (symbols, count) -> {
                    for (int i = 0; i + 1 < symbols.size(); i++) {
                        Pair pair = new Pair(symbols.get(i), symbols.get(i + 1));
                        counts.merge(pair, count, Integer::sum);
                    }
                });
        return counts.entrySet().stream().min(MOST_FREQUENT).orElse(null);
    }

    private void merge(Pair pair) {
        Map<List<String>, Integer> merged = new HashMap<>();
        words.forEach((symbols, count) -> merged.merge(merge(symbols, pair), count, Integer::sum));
        words.clear();
        words.putAll(merged);
    }

    private static List<String> merge(List<String> symbols, Pair pair) {
        List<String> merged = new ArrayList<>();
        for (int i = 0; i < symbols.size(); i++) {
            boolean isPair =
                    i + 1 < symbols.size()
                            && symbols.get(i).equals(pair.left())
                            && symbols.get(i + 1).equals(pair.right());
            merged.add(isPair ? pair.joined() : symbols.get(i));
            i += isPair ? 1 : 0;
        }
        return merged;
    }
}
