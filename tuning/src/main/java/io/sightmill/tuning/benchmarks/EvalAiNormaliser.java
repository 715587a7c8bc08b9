package io.sightmill.tuning.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Makes answers alike that differ in spelling only, by the rules of the EvalAI server for VQA:
 * lower case, no articles, digits for number words, apostrophes where they belong, no punctuation.
 * Its oddities are part of the rules.
 */
final class EvalAiNormaliser {

    private static final String PUNCTUATION = ";/[]\"{}()=+\\_-><@`,?!";

    /** Blanks as the rules' own language knows them. */
    private static final String BLANK =
            "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+";

    private static final Pattern BLANKS = Pattern.compile(BLANK);
    private static final Pattern OUTER_BLANKS = Pattern.compile("^" + BLANK + "|" + BLANK + "$");
    private static final Pattern COMMA_IN_NUMBER = Pattern.compile("(?U)\\d,+\\d");
    private static final Pattern FULL_STOP = Pattern.compile("(?U)\\.(?!\\d)");

    /** The original passes a flag where the number of replacements belongs; this is its value. */
    private static final int MOST_FULL_STOPS = 32;

    private static final Set<String> ARTICLES = Set.of("a", "an", "the");
    private static final Map<String, String> NUMBERS =
            Map.ofEntries(
                    Map.entry("none", "0"),
                    Map.entry("zero", "0"),
                    Map.entry("one", "1"),
                    Map.entry("two", "2"),
                    Map.entry("three", "3"),
                    Map.entry("four", "4"),
                    Map.entry("five", "5"),
                    Map.entry("six", "6"),
                    Map.entry("seven", "7"),
                    Map.entry("eight", "8"),
                    Map.entry("nine", "9"),
                    Map.entry("ten", "10"));

    /** A contraction with one apostrophe missing, and whole. */
    private static final Map<String, String> CONTRACTIONS = contractions();

    private EvalAiNormaliser() {}

    private static Map<String, String> contractions() {
        Map<String, String> contractions = new HashMap<>();
        try (BufferedReader words =
                new BufferedReader(
                        new InputStreamReader(
                                EvalAiNormaliser.class.getResourceAsStream("contractions.txt"),
                                StandardCharsets.UTF_8))) {
            for (String word = words.readLine(); word != null; word = words.readLine()) {
                for (int at = word.indexOf('\''); at >= 0; at = word.indexOf('\'', at + 1)) {
                    contractions.put(word.substring(0, at) + word.substring(at + 1), word);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // The one word that the rules spell wrongly.
        contractions.put("somebody'd", "somebodyd");
        return contractions;
    }

    static String normalise(String answer) {
        String words =
                answer.toLowerCase(Locale.ROOT)
                        .replace(",", "")
                        .replace("?", "")
                        .replace("'s", " 's");
        String line = strip(strip(words).replace('\n', ' ').replace('\t', ' '));
        return withoutArticles(withoutPunctuation(line));
    }

    private static String strip(String text) {
        return OUTER_BLANKS.matcher(text).replaceAll("");
    }

    /** Next to a blank somewhere, or beside a grouped number, a mark vanishes; else it parts. */
    private static String withoutPunctuation(String text) {
        boolean hasGroupedNumber = COMMA_IN_NUMBER.matcher(text).find();
        String clean = text;
        for (char each : PUNCTUATION.toCharArray()) {
            String mark = String.valueOf(each);
            boolean vanishes =
                    hasGroupedNumber || text.contains(mark + " ") || text.contains(" " + mark);
            clean = clean.replace(mark, vanishes ? "" : " ");
        }
        int[] removed = {0};
        return FULL_STOP
                .matcher(clean)
                .replaceAll(stop -> removed[0]++ < MOST_FULL_STOPS ? "" : ".");
    }

    private static String withoutArticles(String text) {
        List<String> words = new ArrayList<>();
        for (String word : BLANKS.split(text)) {
            String digits = NUMBERS.getOrDefault(word, word);
            if (!digits.isEmpty() && !ARTICLES.contains(digits)) {
                words.add(CONTRACTIONS.getOrDefault(digits, digits));
            }
        }
        return String.join(" ", words);
    }
}
