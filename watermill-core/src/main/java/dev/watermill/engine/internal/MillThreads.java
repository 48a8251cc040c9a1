package dev.watermill.engine.internal;

/**
 * Makes threads that have nothing of whoever starts a mill: a web server's thread, for
 * one, would hand on that it is a daemon, its class loader, and who is logged in.
 */
final class MillThreads {

	private MillThreads() {
	}

	static Thread create(Runnable work) {
		Thread thread = new Thread(null, work, "watermill", 0, false);
		thread.setDaemon(false);
		thread.setPriority(Thread.NORM_PRIORITY);
		return thread;
	}

}
