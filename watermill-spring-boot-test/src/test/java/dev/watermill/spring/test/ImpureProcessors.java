package dev.watermill.spring.test;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;

import dev.watermill.spring.JoinOn;
import dev.watermill.spring.WaterMillProcessor;
import org.jspecify.annotations.Nullable;

/**
 * Processors each of which depends on something else than its arguments.
 */
final class ImpureProcessors {

	private ImpureProcessors() {
	}

	record Reading(long time, String sensor, long value) {

	}

	record Note(long time, String text) {

	}

	/** Where elements can be changed, one call may change those of the next. */
	static class Calibration {

		public long time;

		public int uses;

	}

	@WaterMillProcessor("impure")
	static class CountsInAField {

		private int count;

		Note note(Reading reading) {
			return new Note(reading.time(), "no. " + ++this.count);
		}

	}

	@WaterMillProcessor("impure")
	static class CountsInAStaticField {

		private static int count;

		Note note(Reading reading) {
			return new Note(reading.time(), "no. " + ++count);
		}

	}

	@WaterMillProcessor("impure")
	static class AsksForTheTime {

		Note note(Reading reading) {
			return new Note(reading.time(), "at " + Instant.now());
		}

	}

	@WaterMillProcessor("impure")
	static class AsksForMilliseconds {

		Note note(Reading reading) {
			return new Note(reading.time(), "at " + System.currentTimeMillis());
		}

	}

	@WaterMillProcessor("impure")
	static class DrawsRandomNumbers {

		private final Random random = new Random();

		Note note(Reading reading) {
			return new Note(reading.time(), "drawn: " + this.random.nextInt());
		}

	}

	@WaterMillProcessor("impure")
	static class DrawsByASeed {

		private final Random random = new Random(42);

		Note note(Reading reading) {
			return new Note(reading.time(), "drawn: " + this.random.nextInt());
		}

	}

	@WaterMillProcessor("impure")
	static class MakesIdentifiers {

		Note note(Reading reading) {
			return new Note(reading.time(), UUID.randomUUID().toString());
		}

	}

	@WaterMillProcessor("impure")
	static class RemembersTheLast {

		private final Map<String, Long> last = new HashMap<>();

		Note note(Reading reading) {
			return new Note(reading.time(), "before: " + this.last.put(reading.sensor(), reading.value()));
		}

	}

	@WaterMillProcessor("impure")
	static class KeepsTheGreatest {

		private long greatest = Long.MIN_VALUE;

		Note note(Reading reading) {
			this.greatest = Math.max(this.greatest, reading.value());
			return new Note(reading.time(), "greatest: " + this.greatest);
		}

	}

	@WaterMillProcessor("impure")
	static class DropsDuplicates {

		private final Set<String> seen = new HashSet<>();

		@Nullable Note note(Reading reading) {
			return this.seen.add(reading.sensor()) ? new Note(reading.time(), reading.sensor()) : null;
		}

	}

	@WaterMillProcessor("impure")
	static class AnnouncesOnce {

		private boolean announced;

		List<Note> note(Reading reading) {
			List<Note> notes = new ArrayList<>();
			if (!this.announced) {
				notes.add(new Note(reading.time(), "it begins"));
			}
			this.announced = true;
			notes.add(new Note(reading.time(), reading.sensor()));
			return notes;
		}

	}

	@WaterMillProcessor("impure")
	static class CollectsThree {

		private final List<String> collected = new ArrayList<>();

		@Nullable Note note(Reading reading) {
			this.collected.add(reading.sensor());
			if (this.collected.size() < 3) {
				return null;
			}
			Note note = new Note(reading.time(), String.join(", ", this.collected));
			this.collected.clear();
			return note;
		}

	}

	@WaterMillProcessor("impure")
	static class AsksAnotherBean {

		Note note(Reading reading, Counter counter) {
			return new Note(reading.time(), "no. " + counter.next());
		}

	}

	static class Counter {

		private int count;

		int next() {
			return ++this.count;
		}

	}

	@WaterMillProcessor("impure")
	static class TellsWhichObjectItIs {

		Note note(Reading reading) {
			return new Note(reading.time(), "object " + System.identityHashCode(reading));
		}

	}

	@WaterMillProcessor("impure")
	static class ChangesElements {

		Note note(Reading reading, @JoinOn(left = "time / 4", right = "time") Map<Reading, Calibration> calibrations) {
			Calibration calibration = calibrations.get(reading);
			return new Note(reading.time(), "use no. " + ++calibration.uses);
		}

	}

}
