package dev.watermill.broker.kafka;

import java.util.concurrent.ExecutionException;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.BrokerUnavailableException;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.InconsistentGroupProtocolException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidCommitOffsetSizeException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidGroupIdException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.InvalidSessionTimeoutException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.InvalidTxnTimeoutException;
import org.apache.kafka.common.errors.OffsetMetadataTooLarge;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.errors.UnsupportedAssignorException;
import org.apache.kafka.common.errors.UnsupportedCompressionTypeException;
import org.apache.kafka.common.errors.UnsupportedForMessageFormatException;
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
		return translate(what, failure, false);
	}

	/**
	 * Translate why a dead letter was not written, which nobody can write smaller.
	 * @param what what was tried, for people
	 */
	static BrokerException ofLetter(String what, Throwable failure) {
		return translate(what, failure, true);
	}

	private static BrokerException translate(String what, Throwable failure, boolean letter) {
		if (failure instanceof BrokerException broker) {
			return broker;
		}
		Throwable cause = rootOf(failure);
		String detail = withoutPeriod(cause.getMessage());
		String text = what + ": " + cause.getClass().getSimpleName() + ((detail != null) ? ": " + detail : "")
				+ certificateProblem(cause);
		if (cause instanceof InterruptException) {
			Thread.currentThread().interrupt();
		}
		String advised = text + (letter ? letterAdvice(cause) : advice(cause));
		return isLasting(cause) ? new BrokerException(advised, failure)
				: new BrokerUnavailableException(advised, failure);
	}

	/**
	 * What is wrong with a certificate, of which the client itself says only that it is.
	 */
	private static String certificateProblem(Throwable failure) {
		if (!(failure instanceof SslAuthenticationException)) {
			return "";
		}
		Throwable deepest = failure;
		while (deepest.getCause() != null) {
			deepest = deepest.getCause();
		}
		return (deepest != failure && deepest.getMessage() != null) ? ": " + deepest.getMessage() : "";
	}

	/**
	 * Return why a client can't be made.
	 */
	static String reason(Throwable failure) {
		Throwable cause = rootOf(failure);
		boolean isSentence = cause instanceof KafkaException || cause instanceof IllegalArgumentException;
		String text = (isSentence && cause.getMessage() != null) ? cause.getMessage()
				: cause.getClass().getSimpleName() + ": " + cause.getMessage();
		return String.valueOf(withoutPeriod(text));
	}

	private static @Nullable String withoutPeriod(@Nullable String text) {
		return (text != null && text.endsWith(".")) ? text.substring(0, text.length() - 1) : text;
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
				|| isUnwritable(cause) || cause instanceof InvalidTopicException
				|| cause instanceof InvalidGroupIdException || cause instanceof InvalidSessionTimeoutException
				|| cause instanceof UnsupportedAssignorException || cause instanceof PolicyViolationException
				|| cause instanceof InvalidReplicationFactorException || cause instanceof UnsupportedVersionException
				|| cause instanceof InvalidTxnTimeoutException || cause instanceof OffsetMetadataTooLarge
				|| cause instanceof InvalidCommitOffsetSizeException || !(cause instanceof KafkaException);
	}

	/**
	 * Whether a record or a batch is such that no broker takes it, however often.
	 */
	private static boolean isUnwritable(Throwable cause) {
		return isTooLarge(cause) || cause instanceof InvalidConfigurationException
				|| cause instanceof InvalidTimestampException || cause instanceof UnsupportedForMessageFormatException
				|| cause instanceof UnsupportedCompressionTypeException || cause instanceof SerializationException
				|| isBesideAnInvalidRecord(cause);
	}

	private static boolean isTooLarge(Throwable cause) {
		return cause instanceof RecordTooLargeException || cause instanceof RecordBatchTooLargeException;
	}

	/**
	 * Whether a problem lasts and says why, so that it goes before others.
	 */
	static boolean isCause(BrokerException problem) {
		Throwable cause = problem.getCause();
		return isFenced(problem) || (!(problem instanceof BrokerUnavailableException)
				&& (cause == null || !isBesideAnInvalidRecord(rootOf(cause))));
	}

	/**
	 * What the client says of the records that came with one the broker refused.
	 */
	private static boolean isBesideAnInvalidRecord(Throwable cause) {
		return cause.getClass() == KafkaException.class
				&& String.valueOf(cause.getMessage()).contains("part of a batch which had one more more invalid");
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

	/**
	 * Which permission lacks, in the words of Kafka's access control lists.
	 */
	private static String permission(Throwable cause) {
		if (cause instanceof TransactionalIdAuthorizationException) {
			return " Write on its transactional ids, which begin with the group-id-prefix and the mill's name";
		}
		if (cause instanceof GroupAuthorizationException) {
			return " Read on the consumer group";
		}
		return (cause instanceof TopicAuthorizationException) ? " Read on the topics it reads, Write on those it writes"
				: "";
	}

	private static String letterAdvice(Throwable cause) {
		if (isTooLarge(cause)) {
			return ". The element is too large by itself, without the headers that could give way: raise "
					+ "max.request.size here and max.message.bytes of the topic, name another place for the dead "
					+ "letters of the stream, or set what the stream does with such elements to skip.";
		}
		if (isUnwritable(cause)) {
			return ". The broker refuses it whenever it comes: change what the topic takes, or name another place for "
					+ "the dead letters of the stream.";
		}
		return advice(cause);
	}

	/**
	 * Whether a topic does not take a timestamp, be it that the record is one of several
	 * that were sent together, of which the client says that they are invalid.
	 */
	private static boolean isOutOfTime(Throwable cause) {
		return cause instanceof InvalidTimestampException || (cause instanceof InvalidRecordException
				&& String.valueOf(cause.getMessage()).startsWith("Timestamp "));
	}

	private static String advice(Throwable cause) {
		if (cause instanceof AuthorizationException) {
			return ". Give the user of this application the permission" + permission(cause) + ".";
		}
		if (cause instanceof AuthenticationException) {
			return ". Correct the user and password, or the certificates, by which this application connects.";
		}
		if (isOutOfTime(cause)) {
			return ". A result has a timestamp that the topic does not take: write no timestamp, or raise "
					+ "message.timestamp.before.max.ms or message.timestamp.after.max.ms of the topic.";
		}
		if (cause instanceof InvalidRecordException || isBesideAnInvalidRecord(cause)) {
			return String.valueOf(cause.getMessage()).contains("ompacted")
					? ". Give the results of the stream keys (its "
							+ "property 'key'), or write to a topic whose cleanup.policy is delete."
					: ". The broker refuses a result whenever it comes: correct it, or what the topic takes.";
		}
		if (isTooLarge(cause)) {
			return ". Write smaller results, or raise max.request.size here and max.message.bytes of the topic.";
		}
		if (isTooLongTransaction(cause)) {
			return ". Lower transaction.timeout.ms here, or raise transaction.max.timeout.ms of the brokers.";
		}
		if (cause instanceof OffsetMetadataTooLarge || cause instanceof InvalidCommitOffsetSizeException) {
			return ". Positions are written in pieces of " + PackedText.LONGEST
					+ " bytes: raise offset.metadata.max.bytes " + "of the brokers to that, which is its default.";
		}
		return ofMember(cause);
	}

	private static String ofMember(Throwable cause) {
		if (cause instanceof InvalidSessionTimeoutException) {
			return ". Set session.timeout.ms to what is between group.min.session.timeout.ms and "
					+ "group.max.session.timeout.ms of the brokers.";
		}
		if (cause instanceof UnsupportedAssignorException) {
			return ". Name one in group.remote.assignor that the brokers have in group.consumer.assignors.";
		}
		if (cause instanceof InconsistentGroupProtocolException) {
			return ". All members have to have one partition.assignment.strategy in common: stop those that have "
					+ "another one, or set it as they have it.";
		}
		return "";
	}

}
