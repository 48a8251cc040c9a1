package dev.watermill.broker.kafka;

import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

import javax.net.ssl.SSLHandshakeException;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.BrokerUnavailableException;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.OffsetMetadataTooLarge;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What no repetition mends, and what passes.
 */
class KafkaFailuresTests {

	static Stream<Arguments> lasting() {
		return Stream.of(Arguments.of(new RecordTooLargeException("x"), "max.request.size"),
				Arguments.of(new RecordBatchTooLargeException("x"), "max.message.bytes"),
				Arguments.of(new InvalidTimestampException("x"), "message.timestamp.after.max.ms"),
				Arguments.of(new InvalidRecordException("Timestamp 7 of message with offset 0 is out of range."),
						"message.timestamp.after.max.ms"),
				Arguments.of(new InvalidRecordException("Compacted topic cannot accept message without key"), "keys"),
				Arguments.of(new InvalidRecordException("x"), "refuses a result whenever it comes"),
				Arguments.of(new KafkaException("Failed to append record because it was part of a batch which had one "
						+ "more more invalid records"), "refuses a result"),
				Arguments.of(new OffsetMetadataTooLarge("x"), "offset.metadata.max.bytes"),
				Arguments.of(new PolicyViolationException("x"), "x"),
				Arguments.of(new SaslAuthenticationException("x"), "Correct the user and password"),
				Arguments.of(
						new SslAuthenticationException("SSL handshake failed",
								new SSLHandshakeException("certificate expired")),
						"handshake failed: certificate expired. Correct"),
				Arguments.of(new TopicAuthorizationException("x"), "permission"),
				Arguments.of(new GroupAuthorizationException("x"), "permission"),
				Arguments.of(new TransactionalIdAuthorizationException("x"), "permission"));
	}

	@ParameterizedTest
	@MethodSource("lasting")
	void saysWhatNoRepetitionMends(KafkaException failure, String advice) {
		for (Exception thrown : new Exception[] { failure, new ExecutionException(failure),
				new KafkaException("Cannot execute transactional method because we are in an error state", failure) }) {
			assertThat(KafkaFailures.translate("It failed", thrown)).isExactlyInstanceOf(BrokerException.class)
				.hasMessageStartingWith("It failed: ")
				.hasMessageContaining(advice);
		}
	}

	static Stream<KafkaException> passing() {
		return Stream.of(new TimeoutException("x"), new DisconnectException("x"), new NotEnoughReplicasException("x"),
				new NotLeaderOrFollowerException("x"), new UnknownTopicOrPartitionException("x"));
	}

	@ParameterizedTest
	@MethodSource("passing")
	void expectsAllElseToPass(KafkaException failure) {
		assertThat(KafkaFailures.translate("It failed", new ExecutionException(failure)))
			.isInstanceOf(BrokerUnavailableException.class);
	}

	@Test
	void whatAClosedClientLeftOpenIsAskedAgain() {
		KafkaFutureImpl<Void> answer = new KafkaFutureImpl<>();
		answer.completeExceptionally(new IllegalStateException("Cannot accept new calls when AdminClient is closing."));
		assertThatExceptionOfType(BrokerUnavailableException.class)
			.isThrownBy(() -> TopicAdmin.await("It failed", answer))
			.withMessage("It failed: Kafka does not answer");
	}

}
