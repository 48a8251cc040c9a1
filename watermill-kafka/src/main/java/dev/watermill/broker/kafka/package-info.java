/**
 * Streams in Kafka topics: read at a position of each node's own, written and committed
 * in transactions. Needs {@code kafka-clients}, which this library does not bring.
 */
@NullMarked
package dev.watermill.broker.kafka;

import org.jspecify.annotations.NullMarked;
