package io.sightmill.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Labels as token ids, what they begin with in common written once: a node is a stretch of tokens,
 * and the nodes after it begin with different ones. So the model runs each common beginning once,
 * and the last token of a label never: nobody asks what follows it.
 *
 * @param tokens of this node; none in the root only. Not copied, never changed.
 * @param labels which labels end here, as indexes of the list
 * @param children what goes on after the last token
 */
public record LabelTree(int[] tokens, List<Integer> labels, List<LabelTree> children) {

    public LabelTree {
        labels = List.copyOf(labels);
        children = List.copyOf(children);
    }

    /**
     * @param labels each of at least one token
     */
    public static LabelTree of(List<int[]> labels) {
        List<Integer> all = new ArrayList<>();
        for (int label = 0; label < labels.size(); label++) {
            all.add(label);
        }
        return new LabelTree(new int[0], List.of(), children(labels, all, 0));
    }

    /** How many tokens the model has to run for all labels. */
    public int fedTokens() {
        int own = children.isEmpty() ? Math.max(0, tokens.length - 1) : tokens.length;
        return own + children.stream().mapToInt(LabelTree::fedTokens).sum();
    }

    /** The branches of labels that agree before a depth, in the order of their first label. */
    private static List<LabelTree> children(List<int[]> labels, List<Integer> which, int depth) {
        Map<Integer, List<Integer>> byToken = new LinkedHashMap<>();
        for (int label : which) {
            if (labels.get(label).length > depth) {
                byToken.computeIfAbsent(labels.get(label)[depth], unused -> new ArrayList<>())
                        .add(label);
            }
        }
        return byToken.values().stream().map(alike -> branch(labels, alike, depth)).toList();
    }

    private static LabelTree branch(List<int[]> labels, List<Integer> alike, int depth) {
        int end = depth + 1;
        while (agree(labels, alike, end)) {
            end++;
        }
        int length = end;
        return new LabelTree(
                Arrays.copyOfRange(labels.get(alike.get(0)), depth, end),
                alike.stream().filter(label -> labels.get(label).length == length).toList(),
                children(labels, alike, end));
    }

    /** Whether all of them go on, with the same token. */
    private static boolean agree(List<int[]> labels, List<Integer> which, int at) {
        return which.stream().allMatch(label -> labels.get(label).length > at)
                && which.stream().mapToInt(label -> labels.get(label)[at]).distinct().count() == 1;
    }
}
