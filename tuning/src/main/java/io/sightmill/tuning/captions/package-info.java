/**
 * What a teacher is told of a picture, and all it is told: captions and boxes (arXiv 2304.08485,
 * section 3), the words they use, and the file that holds them. Knows neither pixels nor scenes.
 */
package io.sightmill.tuning.captions;
