/**
 * Robots: a stream joined with itself, and one that never ends.
 */
package dev.watermill.demo.robots;
