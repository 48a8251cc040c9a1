package dev.watermill.tck;

import java.util.concurrent.CompletableFuture;

import dev.watermill.broker.Batch;
import dev.watermill.broker.StreamReader;

/**
 * Reads in another thread.
 */
final class GrowingStreamsReading {

	private GrowingStreamsReading() {
	}

	/**
	 * Wait for a batch that is not just empty.
	 */
	static CompletableFuture<Batch<Item>> next(StreamReader<Item> reader) {
		CompletableFuture<Batch<Item>> result = new CompletableFuture<>();
		Thread thread = new Thread(() -> {
			try {
				Batch<Item> batch = reader.read(Streams.PATIENCE);
				while (batch.size() == 0 && batch.status() != Batch.Status.ENDED) {
					batch = reader.read(Streams.PATIENCE);
				}
				result.complete(batch);
			}
			catch (InterruptedException | RuntimeException ex) {
				result.completeExceptionally(ex);
			}
		}, "tck-reader");
		thread.setDaemon(true);
		thread.start();
		return result;
	}

}
