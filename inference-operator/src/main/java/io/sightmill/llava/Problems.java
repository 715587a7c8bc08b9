package io.sightmill.llava;

import io.sightmill.engine.ModelLoadException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Complaints as they come, each once; a flood of them is cut off and counted. */
final class Problems implements Complaints {

    private static final int MOST = 50;

    private final Set<String> lines = new LinkedHashSet<>();
    private int more;

    @Override
    public void add(ModelLoadException complaint) {
        if (lines.size() < MOST) {
            lines.add(complaint.getMessage());
        } else if (!lines.contains(complaint.getMessage())) {
            more++;
        }
    }

    /** In the order of discovery. */
    List<String> lines() {
        List<String> all = new ArrayList<>(lines);
        if (more > 0) {
            all.add("and " + more + " more");
        }
        return all;
    }
}
