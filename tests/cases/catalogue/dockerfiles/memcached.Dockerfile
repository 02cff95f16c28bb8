FROM memcached
CMD ["memcached", "-m", "64"]
