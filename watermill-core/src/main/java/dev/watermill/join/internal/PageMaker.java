package dev.watermill.join.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import dev.watermill.broker.Batch;
import dev.watermill.key.internal.KeyColumn;
import dev.watermill.stream.StreamException;
import org.jspecify.annotations.Nullable;

/**
 * Makes one page after another out of the pages of partitions: first it finds the runs of
 * elements of one partition, in the order of their keys, then it copies all of them. A
 * page ends where the page of a partition does, so each partition has one page in it.
 * Used by one thread.
 */
final class PageMaker {

	private static final Object[] NONE = {};

	private final PageKeys keys;

	private final MergedPartition[] partitions;

	private final KeyHeap heap;

	/** The partition of each run. */
	private final int[] of;

	/**
	 * Where each begins and ends in the page of the partition. One without elements has
	 * what was rejected before the first.
	 */
	private final int[] begins;

	private final int[] ends;

	private int runs;

	private int size;

	private MergedBatch.Part[] parts = {};

	PageMaker(PageKeys keys, List<MergedPartition> partitions) {
		this.keys = keys;
		this.partitions = partitions.toArray(new MergedPartition[0]);
		this.heap = new KeyHeap(this.partitions.length, keys.isPrimitive());
		int most = MergedPages.LARGEST_PAGE + this.partitions.length;
		this.of = new int[most];
		this.begins = new int[most];
		this.ends = new int[most];
	}

	/**
	 * Begin a page where the partitions stand.
	 * @param segment the segment in which it is
	 */
	void begin(int segment) {
		this.runs = 0;
		this.size = 0;
		this.parts = note(new MergedBatch.Part[this.partitions.length], segment);
		for (MergedPartition partition : this.partitions) {
			if (partition.hasRejected()) {
				add(partition.number, partition.index, partition.index);
			}
		}
	}

	/**
	 * Note where each partition stands.
	 */
	private MergedBatch.Part[] note(MergedBatch.Part[] parts, int segment) {
		for (MergedPartition partition : this.partitions) {
			parts[partition.number] = partition.part(segment);
		}
		return parts;
	}

	/**
	 * Return what stands where the partitions do that are over: nothing, or the mark if
	 * all have shown it.
	 * @param segment the segment in which that is
	 */
	MergedBatch standing(int segment) {
		return MergedBatch.empty(note(new MergedBatch.Part[this.partitions.length], segment),
				haveShownMarks() ? Batch.Status.ENDED : Batch.Status.CAUGHT_UP);
	}

	private boolean haveShownMarks() {
		for (MergedPartition partition : this.partitions) {
			if (!partition.hasShownMark()) {
				return false;
			}
		}
		return true;
	}

	private void add(int partition, int begin, int end) {
		this.of[this.runs] = partition;
		this.begins[this.runs] = begin;
		this.ends[this.runs++] = end;
		this.size += end - begin;
	}

	/**
	 * Find the runs, until a partition is to be read on.
	 * @param segment the segment in which the page is
	 * @return what is wrong with the element that comes next, {@code null} if nothing is
	 */
	@Nullable StreamException merge(int segment) {
		this.heap.clear();
		for (MergedPartition partition : this.partitions) {
			if (partition.isAtHand() && partition.segment() <= segment) {
				this.heap.add(partition.number, partition.page.keys[0], partition.index);
			}
		}
		while (!this.heap.isEmpty() && this.size < MergedPages.LARGEST_PAGE) {
			MergedPartition first = this.partitions[this.heap.first()];
			int begin = first.index;
			int limit;
			try {
				limit = Math.min(first.limit(), begin + MergedPages.LARGEST_PAGE - this.size);
			}
			catch (StreamException ex) {
				return ex;
			}
			KeyColumn keys = first.page.keys[0];
			int end = this.heap.endOfRun(keys, begin, limit);
			add(first.number, begin, end);
			first.index = end;
			if (first.isAtHand()) {
				this.heap.replaceFirst(keys, end);
			}
			else if (first.isOver()) {
				this.heap.removeFirst();
			}
			else {
				break;
			}
		}
		return null;
	}

	/**
	 * Make the page.
	 * @param segmentStart whether the order begins anew with it
	 * @param failure what it ends before
	 * @param keysBefore the keys of the element before it
	 */
	Page end(int segment, boolean segmentStart, @Nullable StreamException failure, @Nullable Object[] keysBefore) {
		Object[] elements = (this.size > 0) ? new Object[this.size] : NONE;
		KeyColumn[] columns = this.keys.columns(this.size);
		for (int i = 0; i < columns.length; i++) {
			copyKeys(columns[i], i);
		}
		boolean whole = true;
		for (MergedPartition partition : this.partitions) {
			whole &= partition.page.isWhole();
		}
		int[] inBatch = Arrays.copyOf(this.begins, this.runs);
		int[] batchEnds = new int[this.runs];
		copyElements(elements, batchEnds);
		MergedBatch.Part[] behind = new MergedBatch.Part[this.partitions.length];
		MergedBatch batch = new MergedBatch(this.parts, behind, Arrays.copyOf(this.of, this.runs), inBatch, batchEnds,
				status(segment), segmentStart);
		int[] source = null;
		List<Rejected> rejected = List.of();
		if (!whole) {
			placeInBatch(inBatch, batchEnds);
			source = new int[this.size + 1];
			rejected = new ArrayList<>();
			place(batch, inBatch, batchEnds, source, rejected);
		}
		note(behind, segment);
		Page page = new Page(batch, elements, columns, this.size, source, new Page.Findings(failure, null, rejected),
				this.keys.ordered(), keysBefore);
		if (isOverInSilence()) {
			page.endInSilence();
		}
		return page;
	}

	private void copyElements(Object[] elements, int[] batchEnds) {
		Object[][] pages = new Object[this.partitions.length][];
		for (int i = 0; i < pages.length; i++) {
			pages[i] = this.partitions[i].page.elements;
		}
		int at = 0;
		for (int run = 0; run < this.runs; run++) {
			int begin = this.begins[run];
			int count = this.ends[run] - begin;
			Object[] from = pages[this.of[run]];
			if (count == 1) {
				elements[at] = from[begin];
			}
			else {
				System.arraycopy(from, begin, elements, at, count);
			}
			at += count;
			batchEnds[run] = at;
		}
	}

	private void copyKeys(KeyColumn keys, int column) {
		KeyColumn[] pages = new KeyColumn[this.partitions.length];
		for (int i = 0; i < pages.length; i++) {
			KeyColumn[] known = this.partitions[i].page.keys;
			// nothing is copied of a page that has none
			pages[i] = (known.length > column) ? known[column] : keys;
		}
		keys.copy(pages, this.of, this.begins, this.ends, this.runs);
	}

	/**
	 * Find where each run stands in the batches, what was rejected among the elements.
	 */
	private void placeInBatch(int[] inBatch, int[] batchEnds) {
		int at = 0;
		for (int run = 0; run < this.runs; run++) {
			MergedPartition partition = this.partitions[this.of[run]];
			int begin = this.begins[run];
			int end = this.ends[run];
			inBatch[run] = (begin == end) ? partition.nextInBatch() : partition.page.inBatch(begin);
			at += partition.page.inBatch(end) - inBatch[run];
			batchEnds[run] = at;
		}
	}

	private void place(MergedBatch batch, int[] inBatch, int[] batchEnds, int[] source, List<Rejected> rejected) {
		int at = 0;
		for (int run = 0; run < this.runs; run++) {
			MergedPartition partition = this.partitions[this.of[run]];
			Page page = partition.page;
			int shift = ((run > 0) ? batchEnds[run - 1] : 0) - inBatch[run];
			int begin = this.begins[run];
			int end = this.ends[run];
			while (page.placeOfRejected(partition.rejectedPassed) <= end) {
				Rejected found = page.rejected(partition.rejectedPassed++);
				rejected.add(found.movedTo(batch, found.index() + shift, at + found.before() - begin));
			}
			for (int i = begin; i < end; i++) {
				source[at++] = page.inBatch(i) + shift;
			}
		}
		source[this.size] = batch.size();
	}

	private Batch.Status status(int segment) {
		if (haveShownMarks()) {
			return Batch.Status.ENDED;
		}
		boolean caughtUp = true;
		for (MergedPartition partition : this.partitions) {
			caughtUp &= !partition.isLacking() || partition.segment() > segment
					|| partition.page.behind() == Behind.NOTHING_YET;
		}
		return (caughtUp && this.size == 0) ? Batch.Status.CAUGHT_UP : Batch.Status.OPEN;
	}

	/**
	 * Whether all partitions are over, and not all have shown their marks.
	 */
	private boolean isOverInSilence() {
		for (MergedPartition partition : this.partitions) {
			if (!partition.isOver()) {
				return false;
			}
		}
		return !haveShownMarks();
	}

}
