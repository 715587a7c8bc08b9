/** Wires the data path: sources, a generate operator a lane, sinks; and the job's main. */
package io.sightmill.job;
