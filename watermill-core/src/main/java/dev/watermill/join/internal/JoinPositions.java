package dev.watermill.join.internal;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.ElementMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Where the streams of a merge are to be taken up again, at any moment and at its end:
 * what is written at a commit. Where that is for one stream is said in
 * {@link ResumePoint}. Used by the thread that merges.
 *
 * @since 0.1.0
 */
public final class JoinPositions {

	private final Branch master;

	private final List<Branch> branches;

	private Supplier<@Nullable String> windows = () -> null;

	JoinPositions(Branch master, List<Branch> branches) {
		this.master = master;
		this.branches = branches;
	}

	/**
	 * Let positions of the master have what is to be known of windows.
	 * @param delivered says which windows have been delivered
	 */
	public void windows(Supplier<@Nullable String> delivered) {
		this.windows = delivered;
	}

	/**
	 * Whether the master has passed an element since positions were asked for, as far as
	 * it has not gone on to another page since.
	 * @return {@code true} if it has
	 */
	public boolean hasMoved() {
		if (this.master.cursor.isUncounted()) {
			return true;
		}
		for (Branch branch : this.branches) {
			if (branch.cursor.place().hasPassed()) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Where every stream is to be taken up again, so that everything from the first
	 * element of the open window, or else from the current master element on, comes out
	 * the same.
	 * @return the positions, by the names of the streams
	 */
	public Map<String, Checkpoint.Input> get() {
		Map<String, Checkpoint.Input> positions = new LinkedHashMap<>();
		count();
		this.master.forEach((branch) -> {
			long resumed = branch.resumePoint().number();
			Checkpoint.Input input = branch.resumePoint().get();
			CursorPlace place = branch.cursor.place();
			branch.account.asked(resumed, branch.cursor.number(), place.position());
			String delivered;
			if (branch == this.master) {
				delivered = this.windows.get();
			}
			else {
				input = place.withRead(input, resumed);
				delivered = place.closed(input.position());
			}
			positions.put(branch.stream, (delivered != null) ? input.withDelivered(delivered) : input);
		});
		return positions;
	}

	/**
	 * Where a delivery begins in each stream.
	 * @return the origins, which stay as they are
	 */
	public Origins origins() {
		return origins(ResumePoint::standing);
	}

	/**
	 * Where a window begins in each stream.
	 * @param window the window
	 * @return the origins, which stay as they are
	 */
	public Origins origins(HeldWindow window) {
		return origins((point) -> point.standing(window));
	}

	private Origins origins(Function<ResumePoint, Standing> standing) {
		Origins origins = new Origins(this.branches.size());
		this.master.forEach((branch) -> origins.add(branch.stream, standing.apply(branch.resumePoint())));
		return origins;
	}

	/**
	 * Whether anything was passed in any stream since the last commit.
	 * @return {@code true} if so
	 */
	public boolean hasMovedAnywhere() {
		return this.branches.stream().anyMatch((branch) -> branch.cursor.place().hasMoved());
	}

	/**
	 * Bring the counts of elements read up to date, so that they are those of what was
	 * passed.
	 */
	private void count() {
		this.branches.forEach((branch) -> branch.cursor.count());
	}

	/**
	 * Where every stream is to be taken up again that shows nothing new since the mill
	 * completed.
	 * @param from where they were taken up
	 * @return the positions, by the names of the streams
	 */
	public Map<String, Checkpoint.Input> withoutNews(Checkpoint from) {
		Map<String, Checkpoint.Input> positions = new LinkedHashMap<>(from.inputs());
		for (Branch branch : this.branches) {
			if (!branch.cursor.completion().isBatch()) {
				positions.put(branch.stream, branch.cursor.place().checkpoint());
			}
			completes(branch);
		}
		return positions;
	}

	/**
	 * Where every stream is to be taken up again after the mill completed.
	 * @param byFunction whether the function ended the stream, so that everything goes on
	 * as after a stop; otherwise it goes on behind the marks
	 * @return the positions, by the names of the streams
	 */
	public Map<String, Checkpoint.Input> completed(boolean byFunction) {
		Map<String, Checkpoint.Input> positions = new LinkedHashMap<>();
		if (byFunction) {
			positions.putAll(get());
			this.branches.forEach((branch) -> positions.computeIfPresent(branch.stream,
					(stream, input) -> branch.cursor.completion().stopped(input)));
		}
		else {
			count();
			this.master.forEach((branch) -> positions.put(branch.stream, branch.resumePoint().behind()));
			this.branches.forEach(JoinPositions::completes);
		}
		return positions;
	}

	/**
	 * Everything of a stream is settled. What is read again after that is new.
	 */
	private static void completes(Branch branch) {
		branch.account.asked(branch.cursor.number(), branch.cursor.number(), branch.cursor.place().position());
	}

	/**
	 * Let the brokers know how far the streams were read for good.
	 * @param checkpoint what was committed
	 */
	public void committed(Checkpoint checkpoint) {
		this.branches.forEach((branch) -> {
			branch.cursor.place().committed(checkpoint.inputs().get(branch.stream));
			branch.account.committed();
		});
	}

	/**
	 * Where a delivery begins in each stream. Whoever holds it holds what the brokers
	 * read there, and nothing of the merge, which may go on. Immutable once it is given
	 * out.
	 */
	public static final class Origins {

		private final String[] streams;

		private final Standing[] standings;

		private int size;

		Origins(int streams) {
			this.streams = new String[streams];
			this.standings = new Standing[streams];
		}

		void add(String stream, Standing standing) {
			this.streams[this.size] = stream;
			this.standings[this.size++] = standing;
		}

		/**
		 * What the broker knows of the master's element besides its value.
		 * @return the metadata, {@code null} if there is none
		 */
		public @Nullable ElementMetadata metadata() {
			return this.standings[0].metadata();
		}

		/**
		 * Describe them for people.
		 * @return the origins by the names of the streams, the master's first
		 */
		public Map<String, String> describe() {
			Map<String, String> origins = new LinkedHashMap<>();
			for (int i = 0; i < this.size; i++) {
				origins.put(this.streams[i], this.standings[i].origin());
			}
			return Collections.unmodifiableMap(origins);
		}

	}

}
