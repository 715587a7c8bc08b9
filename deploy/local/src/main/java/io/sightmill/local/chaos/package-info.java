/**
 * The proof of exactly once: the same requests undisturbed and through kills of every process, and
 * what readers of committed records found afterwards.
 */
package io.sightmill.local.chaos;
