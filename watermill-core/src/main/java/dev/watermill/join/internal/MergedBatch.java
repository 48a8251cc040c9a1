package dev.watermill.join.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.watermill.broker.Batch;
import dev.watermill.broker.ElementMetadata;
import dev.watermill.broker.MergedSource;
import dev.watermill.broker.OriginalElement;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;

/**
 * Elements of several partitions in the order in which they were merged: runs of elements
 * of one partition, each from one batch for each partition. Immutable.
 */
final class MergedBatch implements Batch<Object> {

	private static final int[] NOWHERE = {};

	/** Where each partition stands before the first run. */
	private final Part[] parts;

	/**
	 * Where each stands behind the last run: maybe at its mark, if that is known though
	 * it is in another batch than its last element.
	 */
	private final Part[] behind;

	/** The partition of each run. */
	private final int[] partitions;

	/** Where each run begins in the batch of its partition. */
	private final int[] begins;

	/** Where each run ends in this batch. */
	private final int[] ends;

	private final Status status;

	private final boolean segmentStart;

	MergedBatch(Part[] parts, Part[] behind, int[] partitions, int[] begins, int[] ends, Status status,
			boolean segmentStart) {
		this.parts = parts;
		this.behind = behind;
		this.partitions = partitions;
		this.begins = begins;
		this.ends = ends;
		this.status = status;
		this.segmentStart = segmentStart;
	}

	@Override
	public int size() {
		return (this.ends.length > 0) ? this.ends[this.ends.length - 1] : 0;
	}

	private int run(int index) {
		int found = Arrays.binarySearch(this.ends, index + 1);
		return (found >= 0) ? found : -found - 1;
	}

	private int begin(int run) {
		return (run > 0) ? this.ends[run - 1] : 0;
	}

	private Batch<?> batch(int run) {
		return Objects.requireNonNull(this.parts[this.partitions[run]].batch());
	}

	private int inBatch(int run, int index) {
		return this.begins[run] + index - begin(run);
	}

	@Override
	public Object element(int index) {
		int run = run(index);
		return batch(run).element(inBatch(run, index));
	}

	@Override
	public String origin(int index) {
		if (index < size()) {
			int run = run(index);
			return batch(run).origin(inBatch(run, index));
		}
		int[] indexes = indexes(index);
		List<String> origins = new ArrayList<>();
		for (int i = 0; i < indexes.length; i++) {
			Batch<?> batch = this.parts[i].batch();
			origins.add((batch != null) ? batch.origin(indexes[i]) : "the start of " + this.parts[i].location());
		}
		return String.join(", ", origins);
	}

	@Override
	public @Nullable ElementMetadata metadata(int index) {
		int run = run(index);
		return batch(run).metadata(inBatch(run, index));
	}

	@Override
	public Map<String, byte[]> headers(int index) {
		int run = run(index);
		return batch(run).headers(inBatch(run, index));
	}

	@Override
	public @Nullable OriginalElement original(int index) {
		int run = run(index);
		return batch(run).original(inBatch(run, index));
	}

	@Override
	public boolean isBefore(int index, Position position) {
		MergedSource.Parts known = MergedSource.Parts.of(position);
		int run = run(index);
		int partition = this.partitions[run];
		int at = known.find(this.parts[partition].name(), partition);
		Position of = (at >= 0) ? known.position(at) : Position.empty();
		return !of.equals(Position.empty()) && batch(run).isBefore(inBatch(run, index), of);
	}

	@Override
	public long number(int index) {
		int run = run(index);
		int partition = this.partitions[run];
		return number(this.parts[partition].name(), partition, batch(run).number(inBatch(run, index)));
	}

	/**
	 * The number that an element of a partition has.
	 * @param name the name of the partition, {@code null} if it has none
	 */
	static long number(@Nullable String name, int partition, long inPartition) {
		return Batch.numberWithin((name != null) ? name.hashCode() : partition, inPartition);
	}

	/**
	 * How far each partition was passed before an element.
	 */
	private int[] indexes(int index) {
		int[] indexes = new int[this.parts.length];
		for (int i = 0; i < indexes.length; i++) {
			indexes[i] = this.parts[i].index();
		}
		for (int run = 0; run < this.ends.length && begin(run) < index; run++) {
			indexes[this.partitions[run]] = inBatch(run, Math.min(index, this.ends[run]));
		}
		return indexes;
	}

	@Override
	public Position position(int index) {
		boolean isEnd = index == size();
		int[] indexes = isEnd ? NOWHERE : indexes(index);
		List<Position> positions = new ArrayList<>(this.parts.length);
		for (int i = 0; i < this.parts.length; i++) {
			positions.add(isEnd ? this.behind[i].position() : this.parts[i].position(indexes[i]));
		}
		return MergedSource.Parts.of(positions).toPosition();
	}

	@Override
	public Status status() {
		return this.status;
	}

	@Override
	public boolean isSegmentStart() {
		return this.segmentStart;
	}

	/**
	 * Return what stands where the partitions stand: nothing.
	 */
	static MergedBatch empty(Part[] parts, Status status) {
		return new MergedBatch(parts, parts, NOWHERE, NOWHERE, NOWHERE, status, false);
	}

	/**
	 * Where a partition stands.
	 *
	 * @param name the name of the partition, {@code null} if it has none but its number
	 * @param location the partition, for people
	 * @param batch what was read of it last, {@code null} if that is nothing yet
	 * @param index the index there of what comes next
	 * @param done whether it has shown its mark, and nothing more is read of it
	 * @param ahead by how many marks it is ahead of what is merged
	 */
	record Part(@Nullable String name, String location, @Nullable Batch<?> batch, int index, @Nullable Position start,
			boolean done, int ahead) {

		private Position position() {
			return position(this.index);
		}

		private Position position(int at) {
			Position position = (this.batch != null) ? this.batch.position(at) : this.start;
			boolean marked = this.batch != null && at == this.batch.size() && this.batch.status() == Status.ENDED;
			return MergedSource.Parts.part((position != null) ? position : Position.empty(), this.name,
					this.done || marked, this.ahead);
		}

	}

}
