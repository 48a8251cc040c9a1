/**
 * Streams in Kafka topics, connected as Spring Boot connects all Kafka clients.
 */
@NullMarked
package dev.watermill.spring.kafka;

import org.jspecify.annotations.NullMarked;
