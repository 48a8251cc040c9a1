package dev.watermill.broker.checkpoint.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.CommitPlace;
import dev.watermill.broker.CommitScope;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.ReservedName;
import dev.watermill.broker.StreamSource;
import dev.watermill.broker.lock.internal.RealPath;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers in a directory beside which files mills commit: in one small file for each
 * lane of each mill and what it reads.
 *
 * @since 0.1.0
 */
public final class StateDirectory implements CommitPlace.Memory {

	private static final Logger logger = LoggerFactory.getLogger(StateDirectory.class);

	private static final String SUFFIX = ".place";

	private final Path directory;

	private final boolean fsync;

	private volatile boolean complained;

	/**
	 * Create a memory.
	 * @param directory the directory, created when it is needed
	 * @param fsync whether to wait for the disk
	 */
	public StateDirectory(Path directory, boolean fsync) {
		this.directory = directory;
		this.fsync = fsync;
	}

	@Override
	public Optional<CommitPlace> last(CommitScope scope) {
		Path file = file(scope);
		try {
			if (!Files.isRegularFile(file)) {
				return Optional.empty();
			}
			String location = Files.readString(file).strip();
			return Optional.of(CheckpointFile.at(location, this.fsync)
				.orElseThrow(() -> new BrokerException("The file " + file + " is to say where the mill '"
						+ scope.lane().mill() + "' commits, but says '" + location
						+ "'. Restore it; or delete it, if the files that the mill writes are still the same.")));
		}
		catch (IOException ex) {
			complain(scope, ex);
			return Optional.empty();
		}
	}

	@Override
	public void remember(CommitScope scope, CommitPlace place) {
		if (!(place instanceof CheckpointFile checkpoint) || checkpoint.isIn(this.directory)) {
			return;
		}
		Path file = file(scope);
		String location = checkpoint.absoluteLocation();
		try {
			if (!Files.isRegularFile(file) || !Files.readString(file).strip().equals(location)) {
				RealPath.createDirectory(file);
				Replacement.write(file, (location + "\n").getBytes(StandardCharsets.UTF_8), this.fsync);
			}
		}
		catch (IOException ex) {
			complain(scope, ex);
		}
	}

	@Override
	public void forget(CommitScope scope) {
		try {
			Files.deleteIfExists(file(scope));
		}
		catch (IOException ex) {
			// that the mill completed stands in the place itself
		}
	}

	@Override
	public String location() {
		return this.directory.toString();
	}

	private void complain(CommitScope scope, IOException problem) {
		if (!this.complained) {
			this.complained = true;
			logger.warn("Mill '{}' can't remember in {} where it commits: {}. Let the user of this process write the "
					+ "directory, or name another one with watermill.state-dir. Until then, if the mill's first output "
					+ "is bound to another file before it has completed, it begins anew there.", scope.lane().mill(),
					this.directory, problem.toString());
		}
	}

	private Path file(CommitScope scope) {
		String inputs = scope.inputs()
			.values()
			.stream()
			.map((source) -> place(source, scope.lane()))
			.collect(Collectors.toCollection(TreeSet::new))
			.stream()
			.collect(Collectors.joining("\n"));
		return this.directory.resolve(CheckpointName.of(scope.lane()) + "~" + CheckpointName.digest(inputs) + SUFFIX);
	}

	/**
	 * Return what a source reads and under which names: others read the same with a
	 * consumer group of their own.
	 */
	private static String place(StreamSource<?> source, LaneId lane) {
		String place = (source.resource() instanceof Path path) ? path.toString() : source.location();
		return place + new TreeSet<>(source.reservedNames(lane).stream().map(ReservedName::toString).toList());
	}

}
