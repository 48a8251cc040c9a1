package dev.watermill.join.internal;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.StreamSource;

/**
 * A stream whose mill completes: where it is taken up again, and, when it was, whether
 * anything came since. Used by one thread.
 */
final class StreamCompletion {

	private final StreamSource<?> source;

	private final Cursor cursor;

	private final Pages reader;

	/**
	 * Whether the stream had not shown its mark when the mill completed, so that what
	 * comes may be the rest of what was there.
	 */
	private final boolean owing;

	StreamCompletion(StreamSource<?> source, Cursor cursor, Pages reader, Checkpoint.Input from) {
		this.source = source;
		this.cursor = cursor;
		this.reader = reader;
		this.owing = !from.lastKeys().isEmpty();
	}

	/**
	 * Wait for what came to all streams of a mill since it completed, without moving on.
	 * @param timeout how long to wait for each of them
	 * @return what is known of it
	 */
	static News awaitNews(List<StreamCompletion> streams, Duration timeout) {
		streams.forEach((stream) -> stream.await(timeout));
		List<News> news = streams.stream().map(StreamCompletion::news).toList();
		if (news.contains(News.NEVER)) {
			return News.NEVER;
		}
		if (streams.stream().anyMatch((stream) -> stream.news() == News.SOME && !stream.owing)
				|| news.stream().allMatch((of) -> of == News.SOME)) {
			return News.SOME;
		}
		return news.contains(News.UNKNOWN) ? News.UNKNOWN : News.NONE;
	}

	private void await(Duration timeout) {
		if (news() != News.SOME && this.cursor.page.behind() != Behind.MARK) {
			this.cursor.turnTo(this.reader.read(timeout));
		}
	}

	private News news() {
		if (this.reader.hasNews()) {
			return News.SOME;
		}
		if (this.cursor.place().hasShownMark()) {
			return News.NEVER;
		}
		return (this.cursor.page.behind() == Behind.NOTHING_YET) ? News.NONE : News.UNKNOWN;
	}

	/**
	 * Whether the stream is read anew when its mill is started again after it completed.
	 */
	boolean isBatch() {
		return this.source.isBatch();
	}

	/**
	 * Where the stream is taken up again after its end, or that of another stream, ended
	 * the mill: behind its mark, where the order begins anew, if it has shown it.
	 * @param needed where an element stands that a later parent element may match, or
	 * else where the cursor is
	 */
	Checkpoint.Input behind(Checkpoint.Input needed) {
		return this.cursor.place().hasShownMark() ? behindMark() : at(needed);
	}

	/**
	 * Where the stream is taken up again of which nobody asks for an element any more.
	 */
	Checkpoint.Input behindAll() {
		ReadTo former = this.cursor.place().former();
		Checkpoint.Input here = this.cursor.place().checkpoint();
		if (former == null) {
			return behind(here);
		}
		return new Checkpoint.Input(this.source.completed(former.position(), former.atMark()),
				former.atMark() ? Map.of() : here.lastKeys());
	}

	/**
	 * Where the stream is taken up again after the function ended the stream of the
	 * master, which it may do with the last delivery before the mark.
	 * @param from where it would be taken up had the mill been stopped
	 */
	Checkpoint.Input stopped(Checkpoint.Input from) {
		boolean isAtMark = this.cursor.place().hasShownMark()
				&& from.position().equals(this.cursor.place().checkpoint().position());
		return isAtMark ? behindMark() : at(from);
	}

	private Checkpoint.Input behindMark() {
		return new Checkpoint.Input(this.source.completed(this.cursor.place().checkpoint().position(), true), Map.of());
	}

	private Checkpoint.Input at(Checkpoint.Input from) {
		return new Checkpoint.Input(this.source.completed(from.position(), this.cursor.place().hasShownMark()),
				from.lastKeys(), from.letters(), from.written(), from.delivered(), null);
	}

}
