package dev.watermill.broker.file;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

import dev.watermill.broker.LaneId;
import dev.watermill.broker.MergedSource;
import dev.watermill.broker.StreamReader;
import dev.watermill.broker.StreamSource;
import dev.watermill.stream.Position;
import dev.watermill.stream.RecordFact;
import org.jspecify.annotations.Nullable;

/**
 * Reads all files whose names are like a pattern as one stream, in the order of their
 * names.
 *
 * @param <T> the type of the elements
 */
final class FilesSource<T> implements StreamSource<T> {

	private final FilePattern pattern;

	private final Function<BoundFile, StreamSource<T>> sources;

	FilesSource(BoundFile pattern, Function<BoundFile, StreamSource<T>> sources) {
		this.pattern = new FilePattern(pattern);
		this.sources = sources;
	}

	/**
	 * Return the files as one stream in the order of its key, instead of one after the
	 * other.
	 */
	MergedSource<T> inKeyOrder() {
		return new MergedSource<>(this, () -> this.pattern.files().stream().map(FilePattern::name).toList(),
				(name) -> source(this.pattern.file().path().resolveSibling(name)), FilePosition::isAtEnd);
	}

	@Override
	public String location() {
		return "files " + this.pattern.file().path();
	}

	@Override
	public Object resource() {
		return this.pattern.file().resource();
	}

	@Override
	public boolean reads(Object resource) {
		return resource instanceof Path file && this.pattern.includes(file);
	}

	@Override
	public void verify() {
		List<Path> files = this.pattern.files();
		if (files.isEmpty()) {
			throw this.pattern.file()
				.failure("does not exist: no file has a name like that. Put one there, or correct the path (the "
						+ "working directory is " + Path.of("").toAbsolutePath() + ").", null);
		}
		files.forEach((file) -> source(file).verify());
	}

	/**
	 * What was read of a file stays with what was made of it.
	 */
	@Override
	public void keepOriginals() {
	}

	@Override
	public Set<RecordFact> recordFacts() {
		return this.pattern.file().format().recordFacts();
	}

	@Override
	public StreamReader<T> open(LaneId lane, @Nullable Position from) {
		if (from == null) {
			verify();
		}
		return new FilesReader<>(this.pattern, (file, position) -> source(file).open(lane, position), from);
	}

	private StreamSource<T> source(Path file) {
		BoundFile bound = this.pattern.file();
		// Files that were rotated may be compressed, and the last one not yet
		FileFormat format = FileFormat.of(file, bound.format().layout(), bound.format().path());
		return this.sources.apply(new BoundFile(bound.stream(), file, format, false));
	}

	@Override
	public boolean isBatch() {
		return true;
	}

}
