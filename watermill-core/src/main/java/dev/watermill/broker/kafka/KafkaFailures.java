package dev.watermill.broker.kafka;

import java.util.concurrent.ExecutionException;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.BrokerUnavailableException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidCommitOffsetSizeException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.InvalidTxnTimeoutException;
import org.apache.kafka.common.errors.OffsetMetadataTooLarge;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;

/**
 * Says of a failure of a Kafka client whether it can be expected to pass.
 * <p>
 * Whatever happens to a transaction, its client is thrown away and the work is done again
 * from what is committed; so all failures pass but those that come again for certain.
 */
final class KafkaFailures {

	private KafkaFailures() {
	}

	/**
	 * Translate a failure.
	 * @param what what was tried, for people
	 */
	static BrokerException translate(String what, Throwable failure) {
		if (failure instanceof BrokerException broker) {
			return broker;
		}
		Throwable cause = rootOf(failure);
		String detail = cause.getMessage();
		String text = what + ": " + cause.getClass().getSimpleName() + ((detail != null) ? ": " + detail : "");
		if (cause instanceof InterruptException) {
			Thread.currentThread().interrupt();
		}
		return isLasting(cause) ? new BrokerException(text + advice(cause), failure)
				: new BrokerUnavailableException(text, failure);
	}

	/**
	 * Whether a failure says that the transactional id is not this producer's any more.
	 */
	static boolean isFenced(@Nullable Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof ProducerFencedException || cause instanceof InvalidProducerEpochException) {
				return true;
			}
		}
		return false;
	}

	private static Throwable rootOf(Throwable failure) {
		Throwable root = failure;
		while (root.getCause() != null && (root instanceof ExecutionException || root.getClass() == KafkaException.class
				|| root.getCause() instanceof ApiException)) {
			root = root.getCause();
		}
		return root;
	}

	private static boolean isLasting(Throwable cause) {
		return isWrongSetting(cause) || isTooLongTransaction(cause) || cause instanceof AuthorizationException
				|| cause instanceof AuthenticationException || cause instanceof SslAuthenticationException
				|| cause instanceof RecordTooLargeException || cause instanceof InvalidTopicException
				|| cause instanceof UnsupportedVersionException || cause instanceof InvalidTxnTimeoutException
				|| cause instanceof OffsetMetadataTooLarge || cause instanceof InvalidCommitOffsetSizeException
				|| !(cause instanceof KafkaException);
	}

	/**
	 * Settings stay as they are, but a host may get its name only when it starts, as in
	 * Docker Compose.
	 */
	private static boolean isWrongSetting(Throwable cause) {
		return cause instanceof ConfigException && !String.valueOf(cause.getMessage()).contains("No resolvable");
	}

	/**
	 * The client has no exception of its own for what the broker answers here.
	 */
	private static boolean isTooLongTransaction(Throwable cause) {
		return cause instanceof InvalidTxnTimeoutException || (cause instanceof KafkaException
				&& String.valueOf(cause.getMessage()).contains("The transaction timeout is larger than"));
	}

	private static String advice(Throwable cause) {
		if (cause instanceof AuthorizationException) {
			return ". Give the user of this application the permission.";
		}
		if (cause instanceof RecordTooLargeException) {
			return ". Write smaller results, or raise max.request.size here and max.message.bytes of the topic.";
		}
		if (isTooLongTransaction(cause)) {
			return ". Lower transaction.timeout.ms here, or raise transaction.max.timeout.ms of the brokers.";
		}
		if (cause instanceof OffsetMetadataTooLarge || cause instanceof InvalidCommitOffsetSizeException) {
			return ". The keys are part of the positions: join by shorter keys, or raise offset.metadata.max.bytes of "
					+ "the brokers.";
		}
		return "";
	}

}
