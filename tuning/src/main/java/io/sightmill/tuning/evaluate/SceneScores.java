package io.sightmill.tuning.evaluate;

import io.sightmill.tuning.instruct.Skill;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * How a model did on scenes.
 *
 * @param skills by skill; one that no scene gave occasion for has nothing asked
 * @param named of the things captions name, how many are there: precision
 * @param present of the things there are, how many captions name: recall
 */
public record SceneScores(Map<Skill, Tally> skills, Tally named, Tally present) {

    public SceneScores {
        skills = new EnumMap<>(skills);
        Objects.requireNonNull(named, "named");
        Objects.requireNonNull(present, "present");
    }

    public Tally of(Skill skill) {
        return skills.getOrDefault(skill, Tally.NONE);
    }
}
