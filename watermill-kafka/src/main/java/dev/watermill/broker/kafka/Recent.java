package dev.watermill.broker.kafka;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.BrokerUnavailableException;
import org.jspecify.annotations.Nullable;

/**
 * The answers of a moment ago, for lanes that start together and all ask the same: one of
 * them asks. That something is not there is never kept. Thread-safe.
 *
 * @param <K> what is asked about
 * @param <V> what is answered
 */
final class Recent<K, V> {

	private static final long MOMENT = Duration.ofMillis(200).toNanos();

	private final Map<K, Asked<V>> asked = new ConcurrentHashMap<>();

	/**
	 * Return the answer to a question.
	 * @param question asks, unless somebody has a moment ago, or does just now
	 * @return the answer, {@code null} if there is none
	 */
	@Nullable V get(K about, Supplier<@Nullable V> question) {
		Asked<V> own = new Asked<>(System.nanoTime(), new CompletableFuture<>());
		Asked<V> asking = this.asked.compute(about,
				(key, known) -> (known != null && known.isRecent(own.at())) ? known : own);
		if (asking != own) {
			return await(asking.answer());
		}
		try {
			V answer = question.get();
			if (answer == null) {
				forget(about);
			}
			own.answer().complete(answer);
			return answer;
		}
		catch (RuntimeException ex) {
			forget(about);
			own.answer().completeExceptionally(ex);
			throw ex;
		}
	}

	/**
	 * Let the next one ask, since the answer is going to be another one.
	 */
	void forget(K about) {
		this.asked.remove(about);
	}

	private static <V> @Nullable V await(CompletableFuture<@Nullable V> answer) {
		try {
			return answer.get();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new BrokerUnavailableException("Interrupted while another lane asks Kafka", ex);
		}
		catch (ExecutionException ex) {
			// the text is right, and whose exception it is no matter
			throw (ex.getCause() instanceof BrokerException known) ? known : new IllegalStateException(ex.getCause());
		}
	}

	private record Asked<V>(long at, CompletableFuture<@Nullable V> answer) {

		boolean isRecent(long now) {
			return now - this.at < MOMENT || !this.answer.isDone();
		}

	}

}
