package io.sightmill.llava;

import java.time.Duration;

/**
 * What the process held at one moment of a {@link SoakMeasurement}, with nothing in flight.
 *
 * @param requests ended so far
 * @param elapsed since the first
 * @param anonymousBytes memory of the process's own, 0 where the system does not tell
 * @param nativeBytes what native code has allocated and not freed, 0 where the C library does not
 *     tell
 * @param tensors native tensors that are open
 */
public record SoakPoint(
        int requests, Duration elapsed, long anonymousBytes, long nativeBytes, int tensors) {}
