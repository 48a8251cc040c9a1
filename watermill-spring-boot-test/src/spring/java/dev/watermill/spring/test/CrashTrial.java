package dev.watermill.spring.test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.broker.DeadLetter;
import dev.watermill.engine.MillPhase;
import dev.watermill.engine.RestartPolicy;
import dev.watermill.spring.mill.internal.MillWorkshop;
import dev.watermill.window.WindowPolicy;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;

/**
 * One run of all mills from nothing to their ends, with a crash on the way or without.
 * They commit after each delivery, so that a crash throws away as little as possible but
 * what the function keeps to itself.
 */
final class CrashTrial {

	private final MillWorkshop workshop;

	private final FreshProcessors processors;

	private final MillClock clock;

	private final CountedSteps steps;

	private final MemoryStreams streams;

	CrashTrial(MillWorkshop workshop, FreshProcessors processors, MillClock clock, CountedSteps steps,
			MemoryStreams streams) {
		this.workshop = workshop;
		this.processors = processors;
		this.clock = clock;
		this.steps = steps;
		this.streams = streams;
	}

	/**
	 * Run the mills.
	 * @param given what their streams begin with
	 * @return what they wrote
	 */
	Map<String, List<String>> run(Given given) {
		this.clock.rewind();
		int ended = attempt(() -> this.streams.begin(given), 0);
		while (this.steps.isDead()) {
			this.steps.revive();
			ended = attempt(() -> {
			}, ended);
		}
		return written();
	}

	/**
	 * Make all mills anew, as a process that starts does, and run those that have not
	 * ended yet.
	 * @return how many have ended
	 */
	private int attempt(Runnable begin, int ended) {
		DefaultListableBeanFactory beans = this.processors.make();
		try {
			List<Mill> mills = MillOrder.of(this.workshop.make(beans, this.streams, this::customize));
			begin.run();
			for (int i = ended; i < mills.size(); i++) {
				if (!run(mills.get(i))) {
					return i;
				}
			}
			return mills.size();
		}
		finally {
			beans.destroySingletons();
		}
	}

	private boolean run(Mill mill) {
		if (mill.window() instanceof WindowPolicy.Every) {
			throw new IllegalStateException("The mill '" + mill.name()
					+ "' cuts windows by the clock: where it goes on after a crash it may cut elsewhere.");
		}
		mill.run();
		if (mill.status().phase() instanceof MillPhase.Failed failed && !this.steps.isDead()) {
			throw new MillFailedError(mill.name(),
					"The mill '" + mill.name() + "' failed"
							+ (this.steps.crashed().isEmpty() ? ""
									: " after a crash at step " + this.steps.count() + ", " + this.steps.crashed())
							+ ": " + failed.cause().getMessage(),
					failed.cause());
		}
		return !this.steps.isDead();
	}

	private void customize(MillBuilder builder) {
		AtomicLong time = new AtomicLong();
		builder.clock(this.clock, time::incrementAndGet).commitInterval(Duration.ofNanos(1));
		// after the last commit nothing is left to be done
		builder.waitForMore(false);
		builder.restart(RestartPolicy.NEVER).around((function) -> (delivery) -> {
			this.steps.before(Steps.Step.DELIVERY, builder.name());
			return function.process(delivery);
		});
	}

	private Map<String, List<String>> written() {
		Map<String, List<String>> written = new LinkedHashMap<>();
		this.streams.written()
			.keySet()
			.forEach((stream) -> written.put(stream, texts(this.streams.records(this.streams.placeOf(stream)))));
		this.streams.read()
			.keySet()
			.forEach((stream) -> written.put("dead letters of " + stream,
					this.streams.deadLetters(this.streams.placeOf(stream)).stream().map(CrashTrial::text).toList()));
		return written;
	}

	private static String text(DeadLetter letter) {
		return letter.mill() + " " + letter.reason().label() + " " + letter.element().origin() + " "
				+ DecodedBatch.text(letter.element().value());
	}

	private static List<String> texts(List<MemoryRecord> records) {
		List<String> texts = new ArrayList<>(records.size());
		for (MemoryRecord record : records) {
			String key = DecodedBatch.text(record.key());
			texts.add(((key != null) ? key + ": " : "") + DecodedBatch.text(record.json()));
		}
		return texts;
	}

}
