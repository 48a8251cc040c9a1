package dev.watermill.broker.file;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.regex.Pattern;

import dev.watermill.broker.CommitLog;
import dev.watermill.broker.CommitPlace;
import dev.watermill.broker.StreamSink;
import dev.watermill.broker.StreamWriter;
import dev.watermill.broker.checkpoint.internal.CheckpointFile;
import dev.watermill.broker.lock.internal.RealPath;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;

/**
 * Writes a file for each lane, whose number stands in its name. Each has a checkpoint
 * beside it, and all together have a lock: the lanes of one instance share it.
 *
 * @param <R> the type of the results
 */
final class LaneFiles<R> implements StreamSink<R> {

	/** What the number of the lane stands for in the name of a file. */
	static final String PLACEHOLDER = "{lane}";

	private final BoundFile file;

	private final boolean fsync;

	private final Function<BoundFile, StreamSink<R>> sinks;

	private final Map<Integer, StreamSink<R>> lanes = new ConcurrentHashMap<>();

	LaneFiles(BoundFile file, boolean fsync, Function<BoundFile, StreamSink<R>> sinks) {
		this.file = file;
		this.fsync = fsync;
		this.sinks = sinks;
	}

	static boolean is(BoundFile file) {
		return file.path().toString().contains(PLACEHOLDER);
	}

	static BoundFile file(BoundFile all, int lane) {
		Path path = Path.of(all.path().toString().replace(PLACEHOLDER, String.valueOf(lane)));
		return new BoundFile(all.stream(), path, all.format(), all.overwrite());
	}

	/**
	 * Whether a file is one of those that lanes write.
	 * @param all the real path of them all
	 * @param one the real path of the file
	 */
	static boolean areOf(Path all, Path one) {
		String[] parts = all.toString().split(Pattern.quote(PLACEHOLDER), -1);
		if (parts.length == 1) {
			return false;
		}
		StringBuilder pattern = new StringBuilder(Pattern.quote(parts[0])).append("(\\d+)");
		for (int i = 1; i < parts.length; i++) {
			pattern.append(Pattern.quote(parts[i])).append((i < parts.length - 1) ? "\\1" : "");
		}
		return Pattern.matches(pattern.toString(), one.toString());
	}

	@Override
	public String location() {
		return this.file.location();
	}

	@Override
	public Object resource() {
		return this.file.resource();
	}

	@Override
	public boolean writes(Object resource) {
		return resource instanceof Path other
				&& (this.file.resource().equals(other) || areOf(this.file.resource(), other));
	}

	@Override
	public void verify() {
		lane(0).verify();
	}

	@Override
	public Optional<String> unfinishedLocation() {
		return lane(0).unfinishedLocation();
	}

	@Override
	public StreamSink<R> lane(int lane) {
		return this.lanes.computeIfAbsent(lane, (number) -> this.sinks.apply(file(this.file, number)));
	}

	@Override
	public StreamWriter<R> open(@Nullable Position committed, CommitLog log) {
		throw new IllegalStateException("a lane has to say which one it is");
	}

	@Override
	public boolean isBatch() {
		return true;
	}

	@Override
	public Optional<CommitPlace> commitPlace() {
		return Optional.of(CheckpointFile.beside(RealPath.behindLinks(this.file.path()), this.fsync));
	}

}
