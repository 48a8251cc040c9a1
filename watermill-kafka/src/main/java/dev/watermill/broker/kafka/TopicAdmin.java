package dev.watermill.broker.kafka;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.BrokerUnavailableException;
import dev.watermill.broker.LaneId;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * Looks after topics before they are read or written.
 */
final class TopicAdmin {

	private final KafkaConnection connection;

	TopicAdmin(KafkaConnection connection) {
		this.connection = connection;
	}

	/**
	 * Return the names of all topics that this user may see.
	 */
	Set<String> names() {
		return Objects.requireNonNull(this.connection.questions()
			.names()
			.get("", () -> ask("The topics of the Kafka cluster can't be looked at",
					(admin) -> admin.listTopics().names())));
	}

	/**
	 * Return how many partitions an input topic has.
	 * @throws BrokerUnavailableException if it is not there, or the cluster does not
	 * answer
	 */
	int partitions(KafkaTopic topic) {
		return input(topic).partitions().size();
	}

	/**
	 * Check that an input topic is there, with what a lane reads of it.
	 * @return its id
	 * @throws BrokerUnavailableException if it is not, or the cluster does not answer
	 */
	String requireReadable(KafkaTopic topic, LaneId lane) {
		TopicDescription found = input(topic);
		new PartitionCount(topic, found.partitions().size()).requireReadable(lane);
		return found.topicId().toString();
	}

	private TopicDescription input(KafkaTopic topic) {
		return describe(topic).orElseThrow(() -> new BrokerUnavailableException(
				topic.message("does not exist yet. Create it, or correct the stream's property '"
						+ KafkaBroker.TOPIC_PROPERTY + "'.")));
	}

	/**
	 * Check that an output topic is there, and create it if it is not.
	 * @param lanes how many lanes write it
	 * @return how many partitions it has
	 */
	PartitionCount requireWritable(KafkaTopic topic, int lanes) {
		int needed = topic.writtenBy(lanes);
		Optional<TopicDescription> found = describe(topic);
		if (found.isPresent()) {
			PartitionCount count = new PartitionCount(topic, found.get().partitions().size());
			count.requireWritable(needed);
			return count;
		}
		if (!this.connection.createsTopics()) {
			throw new BrokerUnavailableException(topic.message(
					"does not exist yet, and topics are not created here. Create it, or let output topics be created."));
		}
		// with the cluster's own replication
		NewTopic created = new NewTopic(topic.name(), Optional.of(needed), Optional.empty());
		askUnless(TopicExistsException.class, problem(topic), (admin) -> admin.createTopics(List.of(created)).all());
		return new PartitionCount(topic, needed);
	}

	/**
	 * Whether a topic keeps the last record of each key only. One whose settings this
	 * user may not see counts as an ordinary one.
	 */
	boolean isCompacted(KafkaTopic topic) {
		return String.valueOf(setting(topic, TopicConfig.CLEANUP_POLICY_CONFIG))
			.contains(TopicConfig.CLEANUP_POLICY_COMPACT);
	}

	/**
	 * Return when a topic deletes records, in words, as far as this user may see its
	 * settings.
	 */
	Optional<String> retention(KafkaTopic topic) {
		String policy = setting(topic, TopicConfig.CLEANUP_POLICY_CONFIG);
		if (policy == null || !policy.contains(TopicConfig.CLEANUP_POLICY_DELETE)) {
			return Optional.empty();
		}
		String millis = setting(topic, TopicConfig.RETENTION_MS_CONFIG);
		String bytes = setting(topic, TopicConfig.RETENTION_BYTES_CONFIG);
		List<String> limits = new ArrayList<>();
		if (isLimit(millis)) {
			limits.add("after " + period(Long.parseLong(millis)) + " (" + TopicConfig.RETENTION_MS_CONFIG + "=" + millis
					+ ")");
		}
		if (isLimit(bytes)) {
			limits.add("beyond " + bytes + " bytes a partition (" + TopicConfig.RETENTION_BYTES_CONFIG + ")");
		}
		return limits.isEmpty() ? Optional.empty() : Optional.of("deletes records " + String.join(" and ", limits));
	}

	private static String period(long millis) {
		Duration period = Duration.ofMillis(millis);
		if (period.toDays() > 1) {
			return period.toDays() + " days";
		}
		return (period.toHours() > 1) ? period.toHours() + " hours" : period.toSeconds() + " seconds";
	}

	private static boolean isLimit(@Nullable String setting) {
		return setting != null && !setting.startsWith("-");
	}

	/**
	 * Return how many bytes a batch may have that a topic takes, as far as this user may
	 * see its settings.
	 */
	int largestBatch(KafkaTopic topic) {
		String largest = setting(topic, TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
		return (largest != null) ? Integer.parseInt(largest) : Integer.MAX_VALUE;
	}

	private @Nullable String setting(KafkaTopic topic, String name) {
		Config found = this.connection.questions().configurations().get(topic.name(), () -> settings(topic));
		ConfigEntry entry = (found != null) ? found.get(name) : null;
		return (entry != null) ? entry.value() : null;
	}

	private @Nullable Config settings(KafkaTopic topic) {
		ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
		try {
			return askUnless(AuthorizationException.class, problem(topic),
					(admin) -> Objects.requireNonNull(admin.describeConfigs(List.of(resource)).values().get(resource)));
		}
		catch (BrokerException ex) {
			// one that was made a moment ago may be unknown to the broker that is asked
			return requireCause(UnknownTopicOrPartitionException.class, ex);
		}
	}

	/**
	 * Return the id of the cluster, {@code null} if it has none.
	 */
	@Nullable String clusterId() {
		return ask("The Kafka cluster can't be looked at", (admin) -> admin.describeCluster().clusterId());
	}

	/**
	 * Return where a partition begins.
	 */
	long start(KafkaTopic topic, TopicPartition partition) {
		return await(problem(topic), this.connection.questions().start(partition).partitionResult(partition)).offset();
	}

	/**
	 * Return where a partition ends, as a reader of committed records sees it.
	 */
	long end(KafkaTopic topic, TopicPartition partition) {
		return await(problem(topic), this.connection.questions().end(partition).partitionResult(partition)).offset();
	}

	/**
	 * Return where a partition has the first record that is not older than a time.
	 * @return the offset, -1 if there is none
	 */
	long offset(KafkaTopic topic, TopicPartition partition, Instant time) {
		return ask(problem(topic),
				(admin) -> admin
					.listOffsets(Map.of(partition, OffsetSpec.forTimestamp(time.toEpochMilli())),
							new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
					.partitionResult(partition))
			.offset();
	}

	/**
	 * Return what the cluster says of a transactional id.
	 * @return its state, {@code null} if nobody has used it, or not for long
	 */
	@Nullable TransactionDescription transaction(String transactionalId) {
		return awaitUnless(TransactionalIdNotFoundException.class,
				"The transactional id '" + transactionalId + "' can't be looked at",
				this.connection.questions().transaction(transactionalId).description(transactionalId));
	}

	/**
	 * Return what a group has committed, as of before transactions that are open: a
	 * consumer would wait for their end.
	 */
	Map<TopicPartition, OffsetAndMetadata> committed(String group) {
		Map<TopicPartition, OffsetAndMetadata> found = askUnless(GroupIdNotFoundException.class,
				"The positions in the consumer group '" + group + "' can't be looked at",
				(admin) -> admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
		return (found != null) ? found : Map.of();
	}

	/**
	 * Return the members of a consumer group.
	 * @return what the cluster says of each; none if there is no such group
	 */
	Collection<MemberDescription> members(String group) {
		ConsumerGroupDescription found = askUnless(GroupIdNotFoundException.class,
				"The consumer group '" + group + "' can't be looked at", (admin) -> Objects
					.requireNonNull(admin.describeConsumerGroups(List.of(group)).describedGroups().get(group)));
		return (found != null) ? found.members() : List.of();
	}

	/**
	 * Let a static member leave its consumer group, unless it has been missed meanwhile.
	 * @param instanceId its {@code group.instance.id}
	 */
	void dismiss(String group, String instanceId) {
		askUnless(UnknownMemberIdException.class,
				"The member '" + instanceId + "' of the consumer group '" + group + "' can't be told to leave",
				(admin) -> admin
					.removeMembersFromConsumerGroup(group,
							new RemoveMembersFromConsumerGroupOptions(Set.of(new MemberToRemove(instanceId))))
					.all());
	}

	private Optional<TopicDescription> describe(KafkaTopic topic) {
		return Optional
			.ofNullable(this.connection.questions()
				.descriptions()
				.get(topic.name(), () -> askUnless(UnknownTopicOrPartitionException.class, problem(topic),
						(admin) -> Objects.requireNonNull(
								admin.describeTopics(List.of(topic.name())).topicNameValues().get(topic.name())))));
	}

	private static String problem(KafkaTopic topic) {
		return topic.message("can't be looked at");
	}

	/**
	 * Ask a question to which an error of one kind is an answer, too.
	 * @return the answer, {@code null} for that error
	 */
	private <V> @Nullable V askUnless(Class<? extends Throwable> error, String problem,
			Function<Admin, KafkaFuture<V>> question) {
		try {
			return ask(problem, question);
		}
		catch (BrokerException ex) {
			return requireCause(error, ex);
		}
	}

	/**
	 * Await an answer, of which an error of one kind is one, too.
	 * @return the answer, {@code null} for that error
	 */
	static <V> @Nullable V awaitUnless(Class<? extends Throwable> error, String problem, KafkaFuture<V> answer) {
		try {
			return await(problem, answer);
		}
		catch (BrokerException ex) {
			return requireCause(error, ex);
		}
	}

	private static <V> @Nullable V requireCause(Class<? extends Throwable> error, BrokerException failure) {
		if (failure.getCause() instanceof ExecutionException failed && error.isInstance(failed.getCause())) {
			return null;
		}
		throw failure;
	}

	private <V> V ask(String problem, Function<Admin, KafkaFuture<V>> question) {
		try (SharedAdmin.Use admin = this.connection.admin()) {
			KafkaFuture<V> answer = question.apply(admin.client());
			try {
				return await(problem, answer);
			}
			finally {
				if (!answer.isDone()) {
					admin.distrust();
				}
			}
		}
	}

	/**
	 * Return an answer that was given as much time as it has.
	 * @throws BrokerUnavailableException if it has not come
	 */
	static <V> V requireAnswer(String problem, KafkaFuture<V> answer) {
		if (!answer.isDone()) {
			throw new BrokerUnavailableException(problem + ": Kafka does not answer");
		}
		return await(problem, answer);
	}

	static <V> V await(String problem, KafkaFuture<V> answer) {
		try {
			return answer.get(KafkaConnection.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (TimeoutException ex) {
			throw new BrokerUnavailableException(problem + ": Kafka does not answer", ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new BrokerUnavailableException(problem + ": interrupted", ex);
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof IllegalStateException) {
				// whoever else had waited for this client in vain has closed it
				throw new BrokerUnavailableException(problem + ": Kafka does not answer", ex);
			}
			throw KafkaFailures.translate(problem, ex);
		}
	}

}
