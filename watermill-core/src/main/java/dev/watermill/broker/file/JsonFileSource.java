package dev.watermill.broker.file;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import java.util.function.Supplier;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.StreamReader;
import dev.watermill.broker.StreamSource;
import dev.watermill.stream.Position;
import dev.watermill.stream.RecordFact;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file of JSON.
 *
 * @param <T> the type of the elements
 */
final class JsonFileSource<T> implements StreamSource<T> {

	private final BoundFile file;

	// A format keeps what it needs while it reads, so each reader gets its own
	private final Supplier<ElementFormat> format;

	private final int chunkSize;

	private final int longest;

	// What was read last, if it can't be read again
	private @Nullable PipeInput pipe;

	/**
	 * Create a source.
	 * @param file the file
	 * @param format makes a format for each reader
	 * @param chunkSize how many bytes are read at once
	 * @param longest how many bytes have to be seen at once at most
	 */
	JsonFileSource(BoundFile file, Supplier<ElementFormat> format, int chunkSize, int longest) {
		this.file = file;
		this.format = format;
		this.chunkSize = chunkSize;
		this.longest = longest;
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
	public boolean reads(Object resource) {
		return this.file.isAt(resource);
	}

	@Override
	public void verify() {
		this.file.requireReadable();
		if (this.file.isPipe()) {
			return;
		}
		try (InputStream in = this.file.open()) {
			byte[] first = in.readNBytes(ByteOrderMark.LONGEST_SIGNATURE);
			ByteOrderMark.requireJson(first, 0, first.length, this.file);
		}
		catch (EOFException ex) {
			// Reading will tell what is missing
		}
		catch (IOException ex) {
			throw this.file.unreadable(ex);
		}
	}

	@Override
	public Position completed(Position position, boolean over) {
		this.pipe = null;
		return CompletedContent.mark(position);
	}

	/**
	 * What was read of a file stays with what was made of it.
	 */
	@Override
	public void keepOriginals() {
	}

	@Override
	public Set<RecordFact> recordFacts() {
		return this.file.format().recordFacts();
	}

	@Override
	public StreamReader<T> open(LaneId lane, @Nullable Position from) {
		// the mill completed, and this is another content: all of it is new
		boolean anew = from != null && CompletedContent.isChanged(from, this.file);
		FilePosition position = (from == null || anew) ? FilePosition.start() : FilePosition.of(from, this.file);
		if (this.file.isPipe()) {
			requireUnread(position, lane);
			PipeInput in = PipeInput.open(this.file);
			this.pipe = in;
			return JsonFileReader.ofPipe(this.file, this.format.get(), in, anew, this.chunkSize, this.longest);
		}
		return JsonFileReader.open(this.file, this.format.get(), position, anew, this.chunkSize, this.longest,
				(found) -> changed(position, (from != null) ? FileIdentity.in(from) : null, lane, found));
	}

	private BrokerException changed(FilePosition position, @Nullable FileIdentity before, LaneId lane, String found) {
		String reset = "reset the mill '" + lane.mill() + "' to begin at the start of this one: start it once with "
				+ "--watermill.reset=" + lane.mill() + ", or call Mill.reset().";
		if (before == null || before.equals(FileIdentity.of(this.file))) {
			return this.file.failure("has changed before the position where it is to be read on, offset "
					+ position.offset() + " (behind " + BoundFile.elements(position.count()) + "): " + found
					+ ". Restore what was there, or " + reset, null);
		}
		return this.file.failure("is a different file: not '" + before.name() + "' of before, of which "
				+ BoundFile.elements(position.count()) + ", up to offset " + position.offset()
				+ ", were read and the rest was not. Bind the stream to that one until the mill has completed, or "
				+ reset, null);
	}

	/**
	 * Refuse to go on with what comes out of a pipe next, if something came out of it
	 * before that is not committed, or that somebody else has.
	 */
	private void requireUnread(FilePosition position, LaneId lane) {
		PipeInput last = this.pipe;
		this.pipe = null;
		if (position.offset() > 0 || (last != null && last.isBegun())) {
			throw this.file.failure("is a pipe, and what was read of it can't be read again: the mill stands behind "
					+ BoundFile.elements(position.count()) + ", at offset " + position.offset()
					+ ", and more may have been read. Reset the mill '" + lane.mill()
					+ "' and hand everything to it again, from the start on; or put it into a file.", null);
		}
	}

	@Override
	public boolean isBatch() {
		return true;
	}

}
