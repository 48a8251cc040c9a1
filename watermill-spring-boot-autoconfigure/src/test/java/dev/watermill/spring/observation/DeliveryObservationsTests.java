package dev.watermill.spring.observation;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.delivery.Input;
import dev.watermill.delivery.MillContext;
import dev.watermill.delivery.WindowBounds;
import dev.watermill.engine.DeliveryObserver.ObservedDelivery;
import dev.watermill.engine.MillState;
import dev.watermill.engine.RetryPolicy;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * How a delivery is observed when something goes wrong, in it or with who observes.
 */
class DeliveryObservationsTests {

	private final ObservationRegistry registry = ObservationRegistry.create();

	private final List<String> events = new ArrayList<>();

	/** At which event a handler of the user's fails. */
	private String failing = "";

	private final DeliveryObservations observations = new DeliveryObservations(this.registry);

	DeliveryObservationsTests() {
		this.registry.observationConfig().observationHandler(new Recorder());
	}

	@Test
	void beginsAndEndsASendWithinADelivery() {
		ObservedDelivery observed = this.observations.begin(new Context());
		assertThat(observed.headers()).isEmpty();
		observed.end();
		assertThat(this.events).containsExactly("start watermill.delivery", "open watermill.delivery",
				"start watermill.send", "stop watermill.send", "close watermill.delivery", "stop watermill.delivery");
	}

	@ParameterizedTest
	@ValueSource(strings = { "stop watermill.send", "close watermill.delivery", "stop watermill.delivery" })
	void leavesNothingOpenWhateverFails(String event) {
		this.failing = event;
		ObservedDelivery observed = this.observations.begin(new Context());
		observed.headers();
		assertThatIllegalStateException().isThrownBy(observed::end).withMessage(event);
		assertThat(this.registry.getCurrentObservation()).isNull();
		assertThat(this.events).contains("stop watermill.send", "close watermill.delivery", "stop watermill.delivery");
	}

	@Test
	void leavesNothingOpenThatCouldNotBegin() {
		this.failing = "open watermill.delivery";
		assertThatIllegalStateException().isThrownBy(() -> this.observations.begin(new Context()));
		assertThat(this.events).contains("error watermill.delivery java.lang.IllegalStateException",
				"stop watermill.delivery");
	}

	@Test
	void marksTheSendOfADeliveryThatFailsToo() {
		ObservedDelivery observed = this.observations.begin(new Context());
		observed.headers();
		observed.failed(new IOException("full"));
		observed.end();
		assertThat(this.events).contains("error watermill.delivery java.io.IOException",
				"error watermill.send java.io.IOException");
	}

	@ParameterizedTest
	@ValueSource(classes = { IllegalArgumentException.class, IOException.class, AssertionError.class,
			StackOverflowError.class, OutOfMemoryError.class })
	void marksADeliveryAsFailedWhateverItsFunctionThrows(Class<? extends Throwable> type) throws Exception {
		Throwable failure = type.getDeclaredConstructor().newInstance();
		InMemoryBroker broker = new InMemoryBroker();
		broker.<Integer>stream("in").append(1).end();
		MillBuilder builder = Mill.builder("mill")
			.retry(new RetryPolicy(0, Duration.ofMillis(1), Duration.ofMillis(1)))
			.observer(this.observations);
		Input<Integer> in = builder.from("in", Integer.class, broker);
		Mill mill = builder.process((delivery) -> {
			assertThat(delivery.get(in)).isEqualTo(1);
			throw sneaky(failure);
		}).to("out", Integer.class, broker).build();
		assertThat(mill.run()).isEqualTo(MillState.FAILED);
		assertThat(this.events).containsExactly("start watermill.delivery", "open watermill.delivery",
				"error watermill.delivery " + type.getName(), "close watermill.delivery", "stop watermill.delivery");
	}

	@Test
	void callsThatOverlapDoNotLieWithinEachOther() {
		InMemoryBroker broker = new InMemoryBroker();
		broker.<Integer>stream("in").appendAll(List.of(1, 2)).end();
		MillBuilder builder = Mill.builder("mill").observer(this.observations);
		Input<Integer> in = builder.from("in", Integer.class, broker);
		CompletableFuture<Integer> later = new CompletableFuture<>();
		Mill mill = builder.processLater((delivery) -> {
			if (delivery.get(in) == 2) {
				later.complete(2);
			}
			return later;
		}).to("out", Integer.class, broker).build();
		assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
		assertThat(this.registry.getCurrentObservation()).isNull();
		assertThat(this.events).containsExactly("start watermill.delivery", "open watermill.delivery",
				"close watermill.delivery", "start watermill.delivery", "open watermill.delivery",
				"close watermill.delivery", "stop watermill.delivery", "stop watermill.delivery");
	}

	@SuppressWarnings("unchecked")
	private static <T extends Throwable> RuntimeException sneaky(Throwable failure) throws T {
		throw (T) failure;
	}

	private final class Recorder implements ObservationHandler<Observation.Context> {

		@Override
		public boolean supportsContext(Observation.Context context) {
			return true;
		}

		@Override
		public void onStart(Observation.Context context) {
			record("start " + context.getName());
		}

		@Override
		public void onError(Observation.Context context) {
			record("error " + context.getName() + " " + context.getError().getClass().getName());
		}

		@Override
		public void onScopeOpened(Observation.Context context) {
			record("open " + context.getName());
		}

		@Override
		public void onScopeClosed(Observation.Context context) {
			record("close " + context.getName());
		}

		@Override
		public void onStop(Observation.Context context) {
			record("stop " + context.getName());
		}

		private void record(String event) {
			DeliveryObservationsTests.this.events.add(event);
			if (event.equals(DeliveryObservationsTests.this.failing)) {
				throw new IllegalStateException(event);
			}
		}

	}

	private static final class Context implements MillContext {

		@Override
		public String mill() {
			return "mill";
		}

		@Override
		public int lane() {
			return 0;
		}

		@Override
		public @Nullable Object key() {
			return null;
		}

		@Override
		public @Nullable WindowBounds window() {
			return null;
		}

		@Override
		public Map<String, String> positions() {
			return Map.of("in", "in@0");
		}

		@Override
		public Map<String, byte[]> headers() {
			return Map.of();
		}

		@Override
		public byte @Nullable [] recordKey() {
			return null;
		}

		@Override
		public @Nullable Instant timestamp() {
			return null;
		}

		@Override
		public OptionalInt partition() {
			return OptionalInt.empty();
		}

		@Override
		public OptionalLong offset() {
			return OptionalLong.empty();
		}

		@Override
		public void endOfStream() {
		}

	}

}
