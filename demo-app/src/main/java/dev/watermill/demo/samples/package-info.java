/**
 * What the demo does besides on Kafka: topics are filled from the sample files.
 */
package dev.watermill.demo.samples;
