package dev.watermill.engine.internal;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.memory.InMemoryBroker;
import dev.watermill.delivery.Input;
import dev.watermill.engine.MillState;
import dev.watermill.engine.RestartPolicy;
import dev.watermill.engine.RetryPolicy;
import dev.watermill.stream.ErrorPolicy;
import dev.watermill.stream.SkipReason;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a mill says of what it did, and of what it skipped.
 */
class MillSummaryTests {

	@TempDir
	private Path directory;

	private final InMemoryBroker broker = new InMemoryBroker();

	private final ListAppender<ILoggingEvent> log = new ListAppender<>();

	private final List<Logger> loggers = List.of((Logger) LoggerFactory.getLogger(MillRunner.class),
			(Logger) LoggerFactory.getLogger(SkipLog.class));

	private final Locale locale = Locale.getDefault();

	private Instant now = Instant.parse("2026-01-01T00:00:00Z");

	private final Clock clock = new Clock() {

		@Override
		public ZoneOffset getZone() {
			return ZoneOffset.UTC;
		}

		@Override
		public Clock withZone(java.time.ZoneId zone) {
			return this;
		}

		@Override
		public Instant instant() {
			return MillSummaryTests.this.now;
		}

	};

	@BeforeEach
	void listen() {
		Locale.setDefault(Locale.GERMANY);
		this.log.start();
		this.loggers.forEach((logger) -> {
			logger.addAppender(this.log);
			logger.setLevel(Level.INFO);
		});
	}

	@AfterEach
	void listenNoMore() {
		Locale.setDefault(this.locale);
		this.loggers.forEach((logger) -> {
			logger.detachAppender(this.log);
			logger.setLevel(null);
		});
	}

	private List<String> logged() {
		return this.log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
	}

	private String summary() {
		return logged().get(logged().size() - 1);
	}

	private Mill mill() {
		return mill(ErrorPolicy.SKIP);
	}

	private Mill mill(ErrorPolicy policy) {
		MillBuilder builder = Mill.builder("mill")
			.to("out", String.class, this.broker)
			.clock(this.clock, () -> this.now.getEpochSecond() * 1_000_000_000)
			.onError(policy)
			.retry(new RetryPolicy(0, Duration.ZERO, Duration.ZERO));
		Input<Integer> a = builder.from("a", Integer.class, this.broker);
		a.onDisorder(policy);
		builder.join(a, "b", Integer.class, this.broker).onLong((left) -> left, (right) -> right).many();
		return builder.process((delivery) -> {
			this.now = this.now.plusSeconds(1);
			if (delivery.get(a) == 5) {
				throw new IllegalStateException("bad");
			}
			if (delivery.get(a) == 7) {
				throw new OutOfMemoryError("worse");
			}
			return "r";
		}).build();
	}

	@Test
	void saysWhatItDidInOneLine() {
		List<Integer> many = new ArrayList<>(List.of(1, 2, 3, 4, 2, 5));
		for (int i = 0; i < 1_200; i++) {
			many.add(10 + i);
		}
		this.broker.<Integer>stream("a").complete(many);
		this.broker.<Integer>stream("b").complete(List.of(1, 2, 3, 3, 5, 5_000));
		assertThat(mill().run()).isEqualTo(MillState.COMPLETED);
		assertThat(summary())
			.isEqualTo("Mill 'mill' COMPLETED after 4.000 s: read 1,206 of 'a' (skipped 1,201 unmatched, "
					+ "1 disorder, 1 failed), 5 of 'b' (skipped 1 failed); delivered 3, passed over 1 that failed; results 3 to 'out'");
	}

	@Test
	void saysWhatIsInTheDeadLetters() {
		this.broker.<Integer>stream("a").complete(List.of(1, 2, 3, 4, 2, 5, 6));
		this.broker.<Integer>stream("b").complete(List.of(1, 2, 3, 3, 5, 6));
		assertThat(mill(ErrorPolicy.DEAD_LETTER).run()).isEqualTo(MillState.COMPLETED);
		assertThat(summary()).contains("read 7 of 'a' (skipped 1 unmatched; dead-lettered 1 disorder, 1 failed), "
				+ "6 of 'b' (skipped 1 failed); delivered 4");
		assertThat(logged()).anyMatch((line) -> line.startsWith(
				"Mill 'mill' dead-letters elements of stream 'a' as " + "disorder, from here on counted: a[4]: "));
	}

	@Test
	void saysItOfEachStartAlone() {
		Mill mill = mill();
		for (int i = 0; i < 2; i++) {
			this.broker.<Integer>stream("a").complete(List.of(1, 2));
			this.broker.<Integer>stream("b").complete(List.of(1, 2));
			assertThat(mill.run()).isEqualTo(MillState.COMPLETED);
			assertThat(summary())
				.isEqualTo("Mill 'mill' COMPLETED after 2.000 s: read 2 of 'a', 2 of 'b'; delivered 2; "
						+ "results 2 to 'out'");
		}
	}

	@Test
	void saysItWhenItFailedToo() {
		this.broker.<Integer>stream("a").complete(List.of(1, 7));
		this.broker.<Integer>stream("b").complete(List.of(1, 7));
		assertThat(mill().run()).isEqualTo(MillState.FAILED);
		assertThat(summary()).startsWith("Mill 'mill' FAILED after 2.000 s: read ")
			// what was not committed is taken back
			.contains("delivered 0; results 0 to");
	}

	@Test
	void tellsExactTotalsOfWhatItSkippedAtTheEnd() {
		List<Integer> backwards = new ArrayList<>(List.of(10_000));
		for (int i = 0; i < 5_000; i++) {
			backwards.add(5_000 - i);
		}
		this.broker.<Integer>stream("a").complete(backwards);
		this.broker.<Integer>stream("b").complete(List.of(1, 10_000));
		assertThat(mill().run()).isEqualTo(MillState.COMPLETED);
		List<String> skips = logged().stream()
			.filter((line) -> line.contains("skip") && !line.contains("COMPLETED"))
			.toList();
		assertThat(skips).hasSize(2);
		assertThat(skips.get(0)).contains("skips elements of stream 'a' as disorder", "a[1]");
		assertThat(skips.get(1)).contains("has skipped 5,000 elements of stream 'a' as disorder, 4,999 more",
				"a[5000]");
		assertThat(summary()).contains("5,000 disorder");
	}

	@Test
	void tellsThemAtEachIntervalToo() {
		SkipLog skips = new SkipLog("mill", this.clock);
		for (int i = 1; i <= 25; i++) {
			skips.skipped("a", SkipReason.INVALID, "a[" + i + "]: bad");
			this.now = this.now.plusSeconds(1);
		}
		skips.skipped("b", SkipReason.INVALID, "b[0]: bad");
		this.now = this.now.plus(SkipLog.INTERVAL);
		skips.tick();
		skips.tick();
		skips.publish();
		assertThat(logged()).containsExactly(
				"Mill 'mill' skips elements of stream 'a' as invalid, from here on counted: a[1]: bad",
				"Mill 'mill' has skipped 11 elements of stream 'a' as invalid, 10 more; the last at a[11]: bad",
				"Mill 'mill' has skipped 21 elements of stream 'a' as invalid, 10 more; the last at a[21]: bad",
				"Mill 'mill' skips elements of stream 'b' as invalid, from here on counted: b[0]: bad",
				"Mill 'mill' has skipped 25 elements of stream 'a' as invalid, 4 more; the last at a[25]: bad");
	}

	@Test
	void tellsHowOftenItWasStartedAgainByItself() {
		AtomicInteger failures = new AtomicInteger(2);
		MillBuilder builder = Mill.builder("mill")
			.retry(new RetryPolicy(0, Duration.ZERO, Duration.ZERO))
			.restart(new RestartPolicy(2, Duration.ofMillis(1), Duration.ofMillis(1)));
		builder.from("a", Integer.class, this.broker);
		this.broker.<Integer>stream("a").append(1).end();
		builder.forEach((delivery) -> {
			if (failures.getAndDecrement() > 0) {
				throw new IllegalStateException("bad");
			}
		}).stateDirectory(this.directory).build().run();
		assertThat(summary()).contains("COMPLETED", "delivered 1;").endsWith("; started again by itself 2 times");
	}

}
