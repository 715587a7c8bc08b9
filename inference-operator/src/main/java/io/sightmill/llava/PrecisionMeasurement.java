package io.sightmill.llava;

import java.time.Duration;

/**
 * What a precision costs and gives, measured against the float32 run of the same checkpoint.
 *
 * @param positions positions compared
 * @param mostLogitError largest absolute difference of a logit
 * @param rmsLogitError root of the mean square of the differences
 * @param agreement share of positions with the same likeliest token
 * @param meanDivergence Kullback-Leibler divergence from float32's distribution, mean, in nats
 * @param mostDivergence the same, largest
 * @param weightBytes of the weights as they are kept
 * @param load time to load them
 */
public record PrecisionMeasurement(
        Precision precision,
        int positions,
        double mostLogitError,
        double rmsLogitError,
        double agreement,
        double meanDivergence,
        double mostDivergence,
        long weightBytes,
        Duration load) {}
