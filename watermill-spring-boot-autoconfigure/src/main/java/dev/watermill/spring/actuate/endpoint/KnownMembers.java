package dev.watermill.spring.actuate.endpoint;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

import dev.watermill.Mill;
import dev.watermill.broker.Membership;
import dev.watermill.engine.MillState;
import dev.watermill.engine.MillStatus;
import dev.watermill.spring.actuate.endpoint.MembershipDescriptor.MemberDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * Who has which lanes of which mill, as of a moment ago. Asking a broker may take long,
 * so it is asked by a thread of its own, and who wants to know waits for a moment only.
 * Thread-safe.
 */
final class KnownMembers {

	private static final Duration FRESH = Duration.ofSeconds(1);

	private static final Duration PATIENCE = Duration.ofMillis(500);

	private final Map<String, Known> known = new ConcurrentHashMap<>();

	private final Clock clock;

	private final ThreadPoolExecutor asking = new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS,
			new LinkedBlockingQueue<>(), KnownMembers::thread);

	KnownMembers(Clock clock) {
		this.clock = clock;
		this.asking.allowCoreThreadTimeOut(true);
	}

	private static Thread thread(Runnable work) {
		Thread thread = new Thread(null, work, "watermill-members", 0, false);
		thread.setDaemon(true);
		return thread;
	}

	/**
	 * Describe how the lanes of a mill are shared out.
	 * @return the description, {@code null} if they are not
	 */
	@Nullable MembershipDescriptor of(Mill mill, MillStatus status) {
		Known answer = this.known.computeIfAbsent(mill.name(), (name) -> new Known()).refreshed(mill);
		List<Membership.Peer> members = answer.members;
		if (members.isEmpty() && answer.failure == null) {
			return null;
		}
		Set<Integer> here = status.lanes().stream().map(MillStatus.Lane::lane).collect(Collectors.toSet());
		boolean standby = status.state() == MillState.RUNNING && here.isEmpty();
		return new MembershipDescriptor(standby,
				members.stream().map((peer) -> MemberDescriptor.of(peer, here)).toList(), answer.asOf, answer.failure);
	}

	/**
	 * What is known of one mill.
	 */
	private final class Known {

		private volatile List<Membership.Peer> members = List.of();

		private volatile @Nullable Instant asOf;

		private volatile @Nullable String failure;

		private @Nullable CompletableFuture<?> question;

		private Known refreshed(Mill mill) {
			try {
				question(mill).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
			}
			catch (TimeoutException ex) {
				if (this.failure == null) {
					this.failure = "the broker has not answered yet";
				}
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			catch (ExecutionException ex) {
				throw new IllegalStateException(ex.getCause());
			}
			return this;
		}

		/**
		 * One question at a time, and none as long as the last answer is fresh.
		 */
		private synchronized CompletableFuture<?> question(Mill mill) {
			CompletableFuture<?> asked = this.question;
			Instant last = this.asOf;
			boolean fresh = last != null && this.failure == null
					&& last.plus(FRESH).isAfter(KnownMembers.this.clock.instant());
			if (asked == null || (asked.isDone() && !fresh)) {
				asked = CompletableFuture.runAsync(() -> ask(mill), KnownMembers.this.asking);
				this.question = asked;
			}
			return asked;
		}

		private void ask(Mill mill) {
			try {
				this.members = mill.members()
					.stream()
					.sorted(Comparator.comparing(Membership.Peer::host).thenComparing(Membership.Peer::id))
					.toList();
				this.asOf = KnownMembers.this.clock.instant();
				this.failure = null;
			}
			catch (RuntimeException ex) {
				this.failure = String.valueOf(ex.getMessage());
			}
		}

	}

}
