package dev.watermill.broker.kafka;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.watermill.broker.BrokerUnavailableException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaFuture;

/**
 * Asks a cluster one question at a time: those who come while one is under way are the
 * next one together. So lanes that start together take a few questions, although one
 * client has one request under way, and the first of them waits for nobody. Thread-safe.
 *
 * @param <K> what is asked about
 * @param <R> the answers, of which each may have yet to come
 */
final class GatheredQuestions<K, R> {

	private final Supplier<SharedAdmin.Use> clients;

	private final BiFunction<Admin, Set<K>, R> question;

	private final Function<R, KafkaFuture<?>> all;

	private final ReentrantLock asking = new ReentrantLock();

	private Round<K, R> next = new Round<>();

	/**
	 * Create.
	 * @param clients by what it is asked
	 * @param question asks about several
	 * @param all of what was answered, when all of it is there
	 */
	GatheredQuestions(Supplier<SharedAdmin.Use> clients, BiFunction<Admin, Set<K>, R> question,
			Function<R, KafkaFuture<?>> all) {
		this.clients = clients;
		this.question = question;
		this.all = all;
	}

	/**
	 * Ask about something. Whatever was so before this was called is known to the answer.
	 * @return the answers, which may have yet to come, about this and others
	 * @throws BrokerUnavailableException if it can be expected to work later
	 */
	R ask(Collection<K> about) {
		Round<K, R> round;
		boolean first;
		synchronized (this) {
			round = this.next;
			first = round.about.isEmpty();
			round.about.addAll(about);
		}
		return first ? lead(round) : follow(round);
	}

	private R lead(Round<K, R> round) {
		try {
			this.asking.lockInterruptibly();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			close(round);
			throw round.failed(new BrokerUnavailableException("Interrupted before Kafka was asked", ex));
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

	private synchronized Set<K> close(Round<K, R> round) {
		if (this.next == round) {
			this.next = new Round<>();
		}
		return round.about;
	}

	private R ask(Round<K, R> round) {
		try (SharedAdmin.Use admin = this.clients.get()) {
			R answers = this.question.apply(admin.client(), close(round));
			round.answers.complete(answers);
			awaitAll(admin, this.all.apply(answers));
			return answers;
		}
	}

	/**
	 * Let others gather until this question is answered. Whoever wants one of the answers
	 * finds out what became of it.
	 */
	private static void awaitAll(SharedAdmin.Use admin, KafkaFuture<?> answers) {
		try {
			answers.get(KafkaConnection.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (TimeoutException ex) {
			admin.distrust();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (ExecutionException ex) {
			// that of one, maybe of another one
		}
	}

	private static <R> R follow(Round<?, R> round) {
		try {
			return round.answers.get();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new BrokerUnavailableException("Interrupted while Kafka is asked", ex);
		}
		catch (ExecutionException ex) {
			throw KafkaFailures.translate("Kafka can't be asked", Objects.requireNonNullElse(ex.getCause(), ex));
		}
	}

	/**
	 * Those who ask together.
	 */
	private static final class Round<K, R> {

		private final Set<K> about = new LinkedHashSet<>();

		private final CompletableFuture<R> answers = new CompletableFuture<>();

		RuntimeException failed(RuntimeException failure) {
			this.answers.completeExceptionally(failure);
			return failure;
		}

	}

}
