package dev.watermill.broker.kafka;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

import dev.watermill.broker.BrokerUnavailableException;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsResult;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.common.TopicPartition;

/**
 * Asks what consumer groups have committed, one question at a time: those who come while
 * one is under way are the next one together. So lanes that start together take a few
 * questions, and the first of them waits for nobody. Thread-safe.
 */
final class OffsetQuestions {

	private final KafkaConnection connection;

	private final boolean stable;

	private final ReentrantLock asking = new ReentrantLock();

	private Round next = new Round();

	/**
	 * Create.
	 * @param stable whether offsets of open transactions are waited for
	 */
	OffsetQuestions(KafkaConnection connection, boolean stable) {
		this.connection = connection;
		this.stable = stable;
	}

	/**
	 * Ask about groups. Whatever was committed before this was called is known to the
	 * answer.
	 * @return the answers, which may have yet to come, of these groups and others
	 * @throws BrokerUnavailableException if it can be expected to work later
	 */
	ListConsumerGroupOffsetsResult ask(Collection<CommitGroup> groups) {
		Round round;
		boolean first;
		synchronized (this) {
			round = this.next;
			first = round.groups.isEmpty();
			round.groups.addAll(groups);
		}
		return first ? lead(round) : follow(round);
	}

	private ListConsumerGroupOffsetsResult lead(Round round) {
		try {
			this.asking.lockInterruptibly();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			close(round);
			throw round.failed(new BrokerUnavailableException("Interrupted before positions were asked for", ex));
		}
		try {
			return ask(round);
		}
		catch (RuntimeException ex) {
			throw round.failed(ex);
		}
		finally {
			this.asking.unlock();
		}
	}

	private synchronized List<CommitGroup> close(Round round) {
		if (this.next == round) {
			this.next = new Round();
		}
		return round.groups;
	}

	private ListConsumerGroupOffsetsResult ask(Round round) {
		Map<String, Set<TopicPartition>> partitions = new LinkedHashMap<>();
		close(round).forEach((group) -> partitions.computeIfAbsent(group.name(), (name) -> new LinkedHashSet<>())
			.add(group.partition()));
		Map<String, ListConsumerGroupOffsetsSpec> questions = new LinkedHashMap<>();
		partitions.forEach((name, all) -> questions.put(name, new ListConsumerGroupOffsetsSpec().topicPartitions(all)));
		try (SharedAdmin.Use admin = this.connection.admin()) {
			ListConsumerGroupOffsetsResult answers = admin.client()
				.listConsumerGroupOffsets(questions, new ListConsumerGroupOffsetsOptions().requireStable(this.stable));
			round.answers.complete(answers);
			awaitAll(admin, answers);
			return answers;
		}
	}

	/**
	 * Let others gather until this question is answered. Whoever wants one of the answers
	 * finds out what became of it.
	 */
	private static void awaitAll(SharedAdmin.Use admin, ListConsumerGroupOffsetsResult answers) {
		try {
			answers.all().get(KafkaConnection.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (TimeoutException ex) {
			admin.distrust();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (ExecutionException ex) {
			// that of one group, maybe of another one
		}
	}

	private static ListConsumerGroupOffsetsResult follow(Round round) {
		try {
			return round.answers.get();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new BrokerUnavailableException("Interrupted while positions are asked for", ex);
		}
		catch (ExecutionException ex) {
			throw KafkaFailures.translate("Positions can't be read", Objects.requireNonNullElse(ex.getCause(), ex));
		}
	}

	/**
	 * Those who ask together.
	 */
	private static final class Round {

		private final List<CommitGroup> groups = new ArrayList<>();

		private final CompletableFuture<ListConsumerGroupOffsetsResult> answers = new CompletableFuture<>();

		RuntimeException failed(RuntimeException failure) {
			this.answers.completeExceptionally(failure);
			return failure;
		}

	}

}
