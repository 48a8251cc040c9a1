package dev.watermill.broker.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.OptionalDouble;

import dev.watermill.stream.Position;

/**
 * How much of an open file was read. What is compressed is taken to be so evenly: its
 * bytes that were read, to what came out of them.
 */
final class FileProgress {

	private final FileChannel channel;

	FileProgress(FileChannel channel) {
		this.channel = channel;
	}

	/**
	 * How much stands before a position.
	 * @param position the position
	 * @param read how many bytes were read, uncompressed
	 * @return a number from 0 to 1
	 */
	OptionalDouble before(Position position, long read) {
		try {
			long size = this.channel.size();
			if (size == 0 || read == 0) {
				return OptionalDouble.empty();
			}
			double readFraction = Math.min(1, this.channel.position() / (double) size);
			return OptionalDouble.of(readFraction * Math.min(1, FilePosition.offset(position) / (double) read));
		}
		catch (IOException ex) {
			return OptionalDouble.empty();
		}
	}

}
