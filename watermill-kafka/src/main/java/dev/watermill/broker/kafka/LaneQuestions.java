package dev.watermill.broker.kafka;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.DescribeTransactionsResult;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsResult;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/**
 * What each lane asks a cluster when it starts: so that many lanes that start together
 * ask little more than one. Thread-safe.
 */
final class LaneQuestions {

	private final Recent<String, TopicDescription> descriptions = new Recent<>();

	private final Recent<String, Config> configurations = new Recent<>();

	private final Recent<String, Set<String>> names = new Recent<>();

	private final GatheredQuestions<CommitGroup, ListConsumerGroupOffsetsResult> stableOffsets;

	private final GatheredQuestions<CommitGroup, ListConsumerGroupOffsetsResult> lastOffsets;

	private final GatheredQuestions<TopicPartition, ListOffsetsResult> starts;

	private final GatheredQuestions<TopicPartition, ListOffsetsResult> ends;

	private final GatheredQuestions<String, DescribeTransactionsResult> transactions;

	LaneQuestions(Supplier<SharedAdmin.Use> clients) {
		this.stableOffsets = offsets(clients, true);
		this.lastOffsets = offsets(clients, false);
		this.starts = bounds(clients, OffsetSpec.earliest());
		this.ends = bounds(clients, OffsetSpec.latest());
		this.transactions = new GatheredQuestions<>(clients, Admin::describeTransactions,
				DescribeTransactionsResult::all);
	}

	private static GatheredQuestions<CommitGroup, ListConsumerGroupOffsetsResult> offsets(
			Supplier<SharedAdmin.Use> clients, boolean stable) {
		ListConsumerGroupOffsetsOptions options = new ListConsumerGroupOffsetsOptions().requireStable(stable);
		return new GatheredQuestions<>(clients,
				(admin, groups) -> admin.listConsumerGroupOffsets(partitions(groups), options),
				ListConsumerGroupOffsetsResult::all);
	}

	private static Map<String, ListConsumerGroupOffsetsSpec> partitions(Collection<CommitGroup> groups) {
		Map<String, Set<TopicPartition>> partitions = new LinkedHashMap<>();
		groups.forEach((group) -> partitions.computeIfAbsent(group.name(), (name) -> new LinkedHashSet<>())
			.add(group.partition()));
		Map<String, ListConsumerGroupOffsetsSpec> questions = new LinkedHashMap<>();
		partitions.forEach((name, all) -> questions.put(name, new ListConsumerGroupOffsetsSpec().topicPartitions(all)));
		return questions;
	}

	private static GatheredQuestions<TopicPartition, ListOffsetsResult> bounds(Supplier<SharedAdmin.Use> clients,
			OffsetSpec wanted) {
		ListOffsetsOptions options = new ListOffsetsOptions(IsolationLevel.READ_COMMITTED);
		return new GatheredQuestions<>(clients,
				(admin, partitions) -> admin.listOffsets(
						partitions.stream().collect(Collectors.toMap(Function.identity(), (partition) -> wanted)),
						options),
				ListOffsetsResult::all);
	}

	/**
	 * What is known of topics, by their names.
	 */
	Recent<String, TopicDescription> descriptions() {
		return this.descriptions;
	}

	/**
	 * The names of all topics.
	 */
	Recent<String, Set<String>> names() {
		return this.names;
	}

	/**
	 * The settings of topics, by their names.
	 */
	Recent<String, Config> configurations() {
		return this.configurations;
	}

	/**
	 * Ask what groups have committed.
	 * @param stable whether offsets of open transactions are waited for
	 */
	ListConsumerGroupOffsetsResult offsets(Collection<CommitGroup> groups, boolean stable) {
		return (stable ? this.stableOffsets : this.lastOffsets).ask(groups);
	}

	/**
	 * Ask where a partition begins.
	 */
	ListOffsetsResult start(TopicPartition partition) {
		return this.starts.ask(List.of(partition));
	}

	/**
	 * Ask where a partition ends for those who read what is committed.
	 */
	ListOffsetsResult end(TopicPartition partition) {
		return this.ends.ask(List.of(partition));
	}

	/**
	 * Ask what is known of a transactional id.
	 */
	DescribeTransactionsResult transaction(String transactionalId) {
		return this.transactions.ask(List.of(transactionalId));
	}

}
